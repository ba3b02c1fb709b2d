import { didYouMean } from "../core/nearest.ts";
import { sysctlKeyProblem } from "../knowledge/keys.ts";
import { shown } from "./problems.ts";

/** What a factor changes, by the key it is written with. */
export type FactorKey =
  | { kind: "rps" }
  /** In a cluster: how the settings reach the pods, or the target's image. */
  | { kind: "route" }
  | { kind: "image" }
  /** A variable of the target's environment, or of the upstream's. */
  | { kind: "env"; upstream: string | null; name: string }
  /** A setting of the target, the generator or an upstream. */
  | { kind: "sysctl"; upstream: string | null; ofGenerator: boolean; key: string }
  | { kind: "load"; field: LoadField };

const loadFields = ["rate", "virtualUsers", "keepConnections"] as const;
export type LoadField = (typeof loadFields)[number];

/** `env.NAME`, `upstreams.NAME.env.VAR`, `upstreams.NAME.SYSCTL`, `generator.SYSCTL`, `load.rate`, `rps`, `route`, `image`, or a sysctl of the target. */
export function parseFactorKey(key: string): FactorKey {
  if (key === "rps" || key === "route" || key === "image") return { kind: key };
  const field = /^load\.(rate|virtualUsers|keepConnections)$/.exec(key)?.[1];
  if (field !== undefined) return { kind: "load", field: field as LoadField };
  const [, upstream, ofUpstream] = /^upstreams\.([^.]+)\.(.+)$/.exec(key) ?? [];
  const own = ofUpstream ?? key;
  const variable = /^env\.(.+)$/.exec(own)?.[1];
  if (variable !== undefined) return { kind: "env", upstream: upstream ?? null, name: variable };
  const ofGenerator = upstream === undefined && own.startsWith("generator.");
  return {
    kind: "sysctl",
    upstream: upstream ?? null,
    ofGenerator,
    key: ofGenerator ? own.slice("generator.".length) : own,
  };
}

export const factorKeyAllowed =
  "a sysctl, env.NAME, rps, route, image, generator.SYSCTL, upstreams.NAME.SYSCTL, upstreams.NAME.env.VAR, load.rate, load.virtualUsers or load.keepConnections";

/** What is wrong with a factor's key, as a sentence; null where nothing is. */
export function factorKeyProblem(written: string): string | null {
  const parsed = parseFactorKey(written);
  if (parsed.kind === "env" && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(parsed.name)) {
    return `${JSON.stringify(parsed.name)} is no variable's name; use letters, digits and _, not beginning with a digit`;
  }
  if (parsed.kind !== "sysctl") return null;
  const [, prefix, rest = ""] = /^(load|target)\.(.+)$/.exec(written) ?? [];
  if (prefix === "load") return noLoadField(rest);
  if (prefix === "target") return `the target's own keys have no "target." before them; did you mean ${shown(rest)}?`;
  const problem = sysctlKeyProblem(parsed.key);
  return problem === null ? null : `${problem} (a factor may be ${factorKeyAllowed})`;
}

/** `vus` is what k6 calls them. */
function noLoadField(field: string): string {
  const near = /^(max|preAllocated)?vus$/i.test(field) ? '; did you mean "load.virtualUsers"?' : null;
  const known = loadFields.map((each) => `load.${each}`);
  return `no factor can vary ${shown(field)} of the load; use ${known.join(", ")}${near ?? didYouMean(`load.${field}`, known)}`;
}
