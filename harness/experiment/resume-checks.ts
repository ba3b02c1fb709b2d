import { InputError } from "../core/errors.ts";
import type { Provenance, RunRecord } from "../results/run.ts";
import { type DeliveryRoute, routeOf } from "../suite/cluster.ts";
import type { Suite } from "../suite/suite.ts";
import { machineDifferences } from "./calibration.ts";

/** @throws InputError that names each file of the suite that was changed, added or removed since the run began */
export function assertSameFiles(run: RunRecord, digests: Record<string, string>): void {
  refuse(run, fileDifferences(run.digests, digests));
}

/** @throws InputError that names what else is different: a run is one machine's, and one tool's */
export function assertSameMachine(run: RunRecord, provenance: Provenance): void {
  const differences = machineDifferences(run.provenance, provenance);
  refuse(
    run,
    differences.map(({ name, before, now }) => `${name} ${before} (now ${now})`),
  );
}

/** @throws InputError that names each profile whose settings would reach the pods by another route: the cluster file was changed */
export function assertSameRoutes(run: RunRecord, suite: Suite, route: DeliveryRoute | null): void {
  const differences = run.profiles.flatMap(({ name, route: then }) => {
    const profile = suite.profiles.find((one) => one.name === name);
    const now = route === null || profile === undefined ? null : routeOf(profile, suite, { route });
    return then === now ? [] : [`route of ${name} ${then ?? "none"} (now ${now ?? "none"})`];
  });
  refuse(run, differences);
}

function refuse(run: RunRecord, differences: string[]): void {
  if (differences.length === 0) return;
  const list = differences.map((difference) => `  ${difference}`).join("\n");
  throw new InputError(`the run ${run.id} can't be resumed: not everything is as it was when it began\n${list}`, {
    hint: "put it back as it was, or start a new run: all trials of a run are made with the same things",
  });
}

/** `load.ts was changed`, one for each file, by name. */
export function fileDifferences(then: Record<string, string>, now: Record<string, string>): string[] {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    if (now[name] === undefined) return [`${name} is gone`];
    if (then[name] === undefined) return [`${name} was added`];
    return then[name] === now[name] ? [] : [`${name} was changed`];
  });
}
