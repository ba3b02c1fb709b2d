import type { Caveat } from "../results/caveats.ts";
import { lastBlock } from "../results/missing-places.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { ArmPair } from "./compare-runs.ts";
import type { Difference } from "./differences.ts";
import type { GateSide } from "./gate-record.ts";
import type { LostBecause, Obstacle } from "./reason.ts";
import { leftOut, type TrialSet } from "./trial-sets.ts";

interface Facts {
  baseline: GateSide;
  candidate: GateSide;
  pair: ArmPair;
  differences: Difference[];
}

/** Why nothing is decided, whatever the numbers: a run that goes on, or was cut off, was looked at early, and that alone raises false alarms. */
export function obstaclesOf({ baseline, candidate, differences }: Facts): Obstacle[] {
  const runs = [...new Set([baseline.run, candidate.run])];
  const open = runs.filter(({ ended }) => ended?.reason !== "done");
  const kinds = differences.filter(({ allowed }) => !allowed).map(({ kind }) => kind);
  return [
    ...open.map(({ id, ended }): Obstacle => {
      const how = ended === null || ended.reason === "done" ? null : ended.reason;
      return { code: "run-not-done", runId: id, ended: how };
    }),
    ...(kinds.length === 0 ? [] : [{ code: "runs-differ", kinds } as const]),
    ...runs.flatMap(({ caveats }) => caveats.flatMap(notBelieved)),
  ];
}

function notBelieved(caveat: Caveat): Obstacle[] {
  const { code } = caveat;
  if (code !== "unsealed-records" && code !== "records-changed") return [];
  return [
    { code: "records-not-believed", why: code === "unsealed-records" ? "unsealed" : "changed", files: caveat.files },
  ];
}

/** Leaving out flatters: a candidate that could not be measured, or only on another try, has not passed. */
export function obstaclesToPass({ candidate, baseline, pair }: Facts): Obstacle[] {
  const lost = lostBlocks(candidate, pair.candidate).length;
  const gone = lostBlocks(baseline, pair.baseline).filter((block) => attemptsAt(baseline, block).length === 0).length;
  const unreadable = [...new Set([...baseline.unreadable, ...candidate.unreadable])];
  return [
    ...(lost === 0
      ? []
      : [
          {
            code: "blocks-lost",
            profile: candidate.profile,
            blocks: lost,
            why: whyLost(candidate, pair.candidate),
          } as const,
        ]),
    ...(gone === 0 ? [] : [{ code: "trials-gone", profile: baseline.profile, trials: gone } as const]),
    ...repeated(candidate, baseline, pair),
    ...unreadable
      .slice(0, 1)
      .map((words): Obstacle => ({ code: "unreadable-trials", trials: unreadable.length, words })),
  ];
}

/** Planned blocks of a profile in which no trial can be read as a measurement, or there is no record of one. */
export function lostBlocks({ run, trials, profile }: GateSide, { measured }: TrialSet): number[] {
  const last = lastBlock(run, trials);
  const planned = run.order.filter((place) => place.profile === profile && place.block <= last);
  return planned.map(({ block }) => block).filter((block) => !measured.has(block));
}

/** What was run at a place, a search's steps too. */
function attemptsAt({ trials, profile }: GateSide, block: number): TrialRecord[] {
  return trials.filter((trial) => trial.profile === profile && trial.block === block && trial.purpose !== "recheck");
}

function whyLost(side: GateSide, set: TrialSet): LostBecause {
  const attempts = lostBlocks(side, set).map((block) => attemptsAt(side, block));
  const invalid = attempts.flat().find(({ valid }) => !valid);
  return invalid === undefined ? { code: "no-record" } : { code: "invalid", reason: invalid.invalidReason };
}

/**
 * Retries must not hide a candidate that does not start every other time, nor one that is taken for somebody else's load (by processes
 * that it lets go); what happens to both sides alike is the machine's doing.
 */
function repeated(candidate: GateSide, baseline: GateSide, pair: ArmPair): Obstacle[] {
  const [over, under] = [againBefore(candidate, pair.candidate), againBefore(baseline, pair.baseline)];
  if (over.length <= under.length + 1 || over.length <= 1.5 * under.length) return [];
  const invalid = over.find(({ valid }) => !valid);
  const was: ("invalid" | "disturbed")[] = [
    ...(invalid === undefined ? [] : ["invalid" as const]),
    ...(over.some(({ valid }) => valid) ? ["disturbed" as const] : []),
  ];
  return [
    {
      code: "measured-late",
      candidate: { profile: candidate.profile, times: over.length },
      baseline: { profile: baseline.profile, times: under.length },
      was,
      reason: invalid?.invalidReason ?? null,
    },
  ];
}

/** What does not count of blocks that were measured in the end: invalid attempts, and measurements that others disturbed more. */
function againBefore(side: GateSide, set: TrialSet): TrialRecord[] {
  const invalid = [...set.measured.keys()].flatMap((block) => attemptsAt(side, block).filter(({ valid }) => !valid));
  return [...invalid, ...leftOut(set)];
}
