import { InputError } from "../../core/errors.ts";
import { parseGoDurationMs } from "../../core/go-duration.ts";
import { didYouMean } from "../../core/nearest.ts";
import type { ScriptOptions, ScriptScenario } from "../../results/script.ts";
import type { Load } from "../../suite/suite.ts";
import type { OwnOptions, OwnScenario } from "./own-options.ts";
import { thresholdsOf } from "./thresholds.ts";
import { loadOptions } from "./wrapper.ts";

/** The name that k6 gives the one scenario of a script that has none. */
const unnamed = "default";

/** Beside these a scenario's keys say how much load there is, and when. */
const carriedKeys = ["executor", "exec", "env", "tags"];

/** k6 v2.2.0, lib/options.go. */
const usualMs = 60_000;

/**
 * What a script's options come to under a suite's load. Throws InputError where the suite's `load.scenarios` names one that the script has
 * not, or where several have loads that can't be held against one another and the suite gives no shares.
 */
export function scriptOptions(
  own: OwnOptions,
  load: Load,
  { sleepSeconds, files }: Pick<ScriptOptions, "sleepSeconds" | "files"> = { sleepSeconds: 0, files: [] },
): ScriptOptions {
  const scenarios = Object.entries(own.scenarios ?? {});
  const shares = load.scenarios === null ? ownShares(scenarios) : suiteShares(load.scenarios, scenarios);
  const named = scenarios.length === 0 ? [[unnamed, { executor: "" }] as [string, OwnScenario]] : scenarios;
  return {
    scenarios: named
      .map(([name, scenario]) => carried(name, scenario, shares.get(name) ?? 0))
      .filter(({ share }) => share > 0),
    noConnectionReuse: own.noConnectionReuse === true,
    setupMs: parseGoDurationMs(own.setupTimeout ?? "") ?? usualMs,
    teardownMs: parseGoDurationMs(own.teardownTimeout ?? "") ?? usualMs,
    sleepSeconds,
    files,
    replaced: replaced(own, scenarios, load),
    ...thresholdsOf(own.thresholds ?? {}, load.endpoints),
  };
}

function carried(name: string, { exec, env, tags }: OwnScenario, share: number): ScriptScenario {
  return { name, exec: exec ?? "default", env: env ?? {}, tags: tags ?? {}, share };
}

function replaced(own: OwnOptions, scenarios: [string, OwnScenario][], load: Load): string[] {
  const isSet = (value: unknown) => value !== null && value !== undefined;
  const top = loadOptions.filter((name) => isSet(own[name]));
  const within = scenarios.flatMap(([name, scenario]) => {
    const keys = Object.keys(scenario).filter((key) => !carriedKeys.includes(key) && isSet(scenario[key]));
    return [`scenarios.${name}.executor`, ...keys.map((key) => `scenarios.${name}.${key}`)];
  });
  const aborts = Object.entries(own.thresholds ?? {}).flatMap(([name, list]) =>
    list.some((one) => typeof one === "object" && one.abortOnFail === true) ? [`thresholds.${name}.abortOnFail`] : [],
  );
  const reuse =
    isSet(own.noConnectionReuse) && load.keepConnections !== null && load.keepConnections === own.noConnectionReuse;
  const others = ["systemTags", "summaryTrendStats", "summaryTimeUnit"].filter((name) => isSet(own[name]));
  return [...top, ...within, ...aborts, ...(reuse ? ["noConnectionReuse"] : []), ...others];
}

/** The suite's shares; a scenario that it does not name is not run. */
function suiteShares(asked: Record<string, number>, scenarios: [string, OwnScenario][]): Map<string, number> {
  const known = scenarios.map(([name]) => name);
  const strange = Object.keys(asked).find((name) => !known.includes(name));
  if (strange !== undefined) {
    const has = known.length === 0 ? "it has none" : `it has ${known.join(", ")}`;
    throw new InputError(
      `load.scenarios: the script has no scenario ${JSON.stringify(strange)}; ${has}${didYouMean(strange, known)}`,
      { hint: "a scenario's name is its key in the script's options.scenarios" },
    );
  }
  const whole = Object.values(asked).reduce((sum, share) => sum + share, 0);
  return new Map(Object.entries(asked).map(([name, share]) => [name, share / whole]));
}

/** By their own rates or, where none has one, by their users. */
function ownShares(scenarios: [string, OwnScenario][]): Map<string, number> {
  if (scenarios.length < 2) return new Map([[scenarios[0]?.[0] ?? unnamed, 1]]);
  for (const weight of [rateOf, usersOf]) {
    const weights = scenarios.map(([name, scenario]) => [name, weight(scenario)] as const);
    const sum = weights.reduce((all, [, one]) => all + (one ?? 0), 0);
    if (sum > 0 && weights.every(([, one]) => one !== null))
      return new Map(weights.map(([name, one]) => [name, (one ?? 0) / sum]));
  }
  const example = scenarios.map(([name]) => `${name}: ${Math.floor(100 / scenarios.length)}%`).join(", ");
  throw new InputError(
    `the script has ${scenarios.length} scenarios whose loads can't be held against one another: ${listed(scenarios)}`,
    {
      hint: `say what share of the rate each has: load: {scenarios: {${example}}}, together 100%`,
    },
  );
}

function listed(scenarios: [string, OwnScenario][]): string {
  return scenarios.map(([name, { executor }]) => `${name} (${executor})`).join(", ");
}

/** Iterations a second at their most; null where the executor has no rate. */
function rateOf({ rate, timeUnit, startRate, stages }: OwnScenario): number | null {
  const unitMs = parseGoDurationMs(typeof timeUnit === "string" ? timeUnit : "1s") ?? 1000;
  if (typeof rate === "number") return (rate * 1000) / unitMs;
  if (startRate === undefined && timeUnit === undefined) return null;
  return (Math.max(Number(startRate ?? 0), ...targets(stages)) * 1000) / unitMs;
}

/** Users at their most; null where the executor has a rate. */
function usersOf(scenario: OwnScenario): number | null {
  if (rateOf(scenario) !== null) return null;
  return Math.max(Number(scenario.vus ?? 0), Number(scenario.startVUs ?? 0), ...targets(scenario.stages), 1);
}

function targets(stages: unknown): number[] {
  return Array.isArray(stages) ? stages.map(({ target }) => Number(target ?? 0)) : [];
}
