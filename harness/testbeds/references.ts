import { redacted } from "../core/secrets.ts";
import { referencesIn, variableOf } from "../suite/interpolate.ts";
import { distinctRolesOf } from "../suite/suite.ts";
import { partOf, type TrialSpec } from "./testbed.ts";

/**
 * What the references of a trial's parts and load became; left out is what has no value yet, and the value of what was taken from the
 * environment. `values` are those of all names.
 */
export function referencesOf(spec: Pick<TrialSpec, "suite" | "profile">, values: Record<string, string>) {
  const names = new Set(textsOf(spec).flatMap((text) => referencesIn(text).map(({ name }) => name)));
  const known = [...names].toSorted().flatMap((name): [string, string][] => {
    const value = variableOf(name) === null ? values[name] : redacted;
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(known);
}

function textsOf({ suite, profile }: Pick<TrialSpec, "suite" | "profile">): string[] {
  const parts = distinctRolesOf(suite)
    .filter((role) => role !== "generator")
    .map((role) => partOf(suite, profile, role));
  return [
    ...parts.flatMap(({ command, env, kubernetes }) => [
      ...command,
      ...(kubernetes?.command ?? []),
      ...Object.values(env),
    ]),
    ...Object.values(suite.load.env),
  ];
}
