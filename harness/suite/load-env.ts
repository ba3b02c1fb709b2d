/**
 * Variables that a load script can't be given: the generator and the libraries in it read them too, and another load than the suite's
 * would be measured. k6 lays K6_VUS, K6_DURATION and the like over the script's own scenarios (seen with v2.2.0: 7 iterations in place of
 * 100 a second, exit 0), and K6_LOG_FORMAT hides a script that throws.
 */
const reserved: readonly { names: RegExp; why: string; engine?: "locust" }[] = [
  { names: /^K6_/, why: "k6 takes it for an option of its own, over the load that the suite says" },
  { names: /^OTEL_/, why: "it changes how k6 hands its measurements over" },
  { names: /^GO[A-Z0-9]/, why: "it changes the generator's own Go runtime" },
  { names: /^SSL_/, why: "it changes which certificates the generator trusts" },
  { names: /^(https?|all|no|ftp|socks)_proxy$/i, why: "the load would go through a proxy" },
  { names: /^LD_/, why: "the system's loader would run other code inside the generator" },
  { names: /^XDG_CONFIG_HOME$/, why: "k6 would read its options from there" },
  {
    names: /^LOCUST_(?!TAGS$|EXCLUDE_TAGS$)/,
    why: "Locust takes it for an option of its own, over the load that the suite says",
    engine: "locust",
  },
  { names: /^PYTHON/, why: "it changes the generator's own Python", engine: "locust" },
  { names: /^(TARGET_URLS?|TUNEBENCH_.*)$/, why: "tunebench itself sets it" },
];

/** Why a variable can't stand in load.env, as a sentence; null where it can. */
export function loadVariableProblem(name: string, engine: "k6" | "locust" = "k6"): string | null {
  const why = reserved.find(({ names, engine: of }) => names.test(name) && (of ?? engine) === engine)?.why;
  return why === undefined ? null : `${name} can't be set for the load: ${why}; use another name`;
}
