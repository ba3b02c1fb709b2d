import { InputError } from "../core/errors.ts";
import type { Caveat } from "../results/caveats.ts";
import type { Provenance, RunRecord } from "../results/run.ts";
import { type DeliveryRoute, routeOf } from "../suite/cluster.ts";
import type { Suite } from "../suite/suite.ts";
import { machineDifferences } from "./calibration.ts";

/**
 * What was added since the run began may be what its programs wrote, and is no more than a caveat: what they are made of is there as it was.
 * @throws InputError that names each file of the suite that was changed or removed since
 */
export function addedFiles(run: RunRecord, digests: Record<string, string>): Caveat[] {
  const { added, others } = fileDifferences(run.digests, digests);
  const hint = "put it back as it was, or start a new run; what a program writes there itself is left out by `ignore:`";
  refuse(run, others, hint);
  return added.length === 0 ? [] : [{ code: "files-added", since: { kind: "run", id: run.id }, files: added }];
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
    const profile = suite.profiles.find((one) => one.name === name) ?? armOf(run, suite);
    const now = route === null || profile === undefined ? null : routeOf(profile, suite, { route });
    return then === now ? [] : [`route of ${name} ${then ?? "none"} (now ${now ?? "none"})`];
  });
  refuse(run, differences);
}

/** The arms of a find have no route of their own. */
function armOf({ experiment }: RunRecord, { profiles }: Suite): Suite["profiles"][number] | undefined {
  return experiment.kind === "find" ? profiles[0] : undefined;
}

const sameThings = "put it back as it was, or start a new run: all trials of a run are made with the same things";

function refuse(run: RunRecord, differences: string[], hint = sameThings): void {
  if (differences.length === 0) return;
  const list = differences.map((difference) => `  ${difference}`).join("\n");
  throw new InputError(`the run ${run.id} can't be resumed: not everything is as it was when it began\n${list}`, {
    hint,
  });
}

/** Files that were added, and `load.ts was changed` for each other that is not as it was; by name. */
export function fileDifferences(then: Record<string, string>, now: Record<string, string>) {
  const added = Object.keys(now).filter((name) => then[name] === undefined);
  const others = Object.keys(then).flatMap((name) => {
    if (now[name] === undefined) return [`${name} is gone`];
    return then[name] === now[name] ? [] : [`${name} was changed`];
  });
  return { added: added.sort(), others: others.sort() };
}
