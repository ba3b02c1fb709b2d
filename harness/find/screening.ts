import { mirrored, plackettBurman, runsFor } from "../core/plackett-burman.ts";
import { shuffled } from "../core/random.ts";
import type { Arm, Candidate, Change } from "../results/find.ts";
import {
  type FoldedPair,
  mainEffectsOf,
  type RunNoise,
  runsOf,
  type ScreenRun,
  withInterval,
} from "../stats/folded-screen.ts";
import { dummiesStandOut, suspectsOf } from "../stats/suspects.ts";
import { armChanges, withChanges } from "./arm.ts";
import type { Base } from "./base.ts";
import { hasRoomForScreen, screenTrials } from "./cost.ts";
import { block, type Course, note, type Procedure, trialsLeft } from "./course.ts";
import type { ScreenEffect, ScreenNoise } from "./found.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import { goodnessOf, type Response } from "./standing.ts";

/** A screen that was run: its runs, by the candidates' columns, and the changes that it points at. */
export interface Screened {
  base: Arm;
  response: Response;
  candidates: readonly Candidate[];
  runs: ScreenRun[];
  suspects: Change[];
  effects: ScreenEffect[];
}

/**
 * Every candidate at its two levels in a Plackett-Burman design and its fold-over, a run and its mirror side by side. `isKnownToWork`: the group
 * helped, so that something must be found. null where the budget has no room for it.
 */
export function* screen(
  course: Course,
  base: Base,
  candidates: readonly Candidate[],
  isKnownToWork: boolean,
): Procedure<Screened | null> {
  const runs = runsFor(candidates.length);
  const needed = screenTrials(candidates.length);
  if (runs === null || !hasRoomForScreen(trialsLeft(course), candidates.length, armChanges(base.arm).length)) {
    course.omitted.push({ code: "screen", trials: needed });
    return null;
  }
  const trials: ObservedTrial[] = [];
  const pairs: FoldedPair[] = [];
  for (const { levels, row } of shuffled(numbered(plackettBurman(runs)), course.random)) {
    const seen = yield* pairOf(course, base, candidates, levels, row);
    trials.push(seen.plain, seen.mirror);
    pairs.push({ levels, ...logsOf(base, seen) });
  }
  const all = runsOf(pairs);
  const { columns, noise } = suspectsOf(all, candidates.length, isKnownToWork);
  const suspects = columns.flatMap((column) => candidates[column]?.change ?? []);
  const { effects, screenNoise } = effectsOf(pairs, candidates, noise, base.response.better);
  note(course, "screen", trials, base, { kind: "screened", effects, noise: screenNoise, suspects });
  return { base: base.arm, response: base.response, candidates, runs: all, suspects, effects };
}

function numbered(design: readonly (readonly boolean[])[]): { levels: readonly boolean[]; row: number }[] {
  return design.map((levels, index) => ({ levels, row: index + 1 }));
}

interface Folded {
  plain: ObservedTrial;
  mirror: ObservedTrial;
}

function* pairOf(
  course: Course,
  base: Base,
  candidates: readonly Candidate[],
  levels: readonly boolean[],
  run: number,
): Procedure<Folded> {
  const armAt = (row: readonly boolean[]) =>
    withChanges(
      base.arm,
      candidates.flatMap(({ change }, column) => (row[column] ? [change] : [])),
    );
  const step = (isMirror: boolean) => ({ kind: "screen", run, mirrored: isMirror }) as const;
  const arms = [
    { name: "plain", step: step(false), arm: armAt(levels) },
    { name: "mirror", step: step(true), arm: armAt(mirrored(levels)) },
  ] as const;
  const seen = yield* block(course, arms, base.ratePerSecond);
  const [plain, mirror] = [seen.get("plain"), seen.get("mirror")];
  if (plain === undefined || mirror === undefined) throw new Error("a block has all of its arms");
  return { plain, mirror };
}

/** A pair of which one was not measured says nothing: both are as the one that was. */
function logsOf({ response }: Base, { plain, mirror }: Folded): Pick<FoldedPair, "log" | "mirrorLog"> {
  const [log, mirrorLog] = [goodnessOf(plain, response), goodnessOf(mirror, response)];
  return { log: log ?? mirrorLog ?? 0, mirrorLog: mirrorLog ?? log ?? 0 };
}

function effectsOf(
  pairs: readonly FoldedPair[],
  candidates: readonly Candidate[],
  noise: RunNoise,
  better: "higher" | "lower",
): { effects: ScreenEffect[]; screenNoise: ScreenNoise } {
  const logs = mainEffectsOf(pairs);
  const dummies = logs.slice(candidates.length);
  const runs = 2 * pairs.length;
  const sign = better === "higher" ? 1 : -1;
  const effects = candidates.map(({ change }, column): ScreenEffect => {
    const { log, low, high } = withInterval(sign * (logs[column] ?? 0), noise, runs);
    return { change, ratio: Math.exp(log), low: Math.exp(low), high: Math.exp(high) };
  });
  return {
    effects,
    screenNoise: {
      deviation: Math.expm1(noise.deviation),
      dummies: dummies.map((log) => Math.exp(sign * log)),
      isDisturbed: dummiesStandOut(dummies, noise, runs),
    },
  };
}
