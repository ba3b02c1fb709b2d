import { settingOf } from "../knowledge/settings.ts";
import type { Arm, Change } from "../results/find.ts";
import { blocksNeeded } from "../stats/significance.ts";
import { armOf, baselineArm, isSameChange } from "./arm.ts";
import { advantage, byOutcome, type Confirmation, compared, toldGain, trialOf } from "./confirmation.ts";
import { wallBlocks } from "./cost.ts";
import { block, type Course, note, type Procedure, trialsLeft } from "./course.ts";
import { screenedResponse } from "./evidence-of-loss.ts";
import type { Gain, StepResult } from "./found.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import type { Screened } from "./screening.ts";

/** What fresh blocks left of the changes that were thought to help. */
export interface Confirmed {
  /** The smallest set that does it; [] where none does. */
  members: { change: Change; gain: Gain; onlyWith: Change[] }[];
  /** The set against the baseline; null where nothing was measured. */
  gain: Gain | null;
  /** What the set does as well without; isAlternative: that would have done as well in its place. */
  dropped: { change: Change; isAlternative: boolean }[];
  /** What the budget left without an answer; [] where all was decided. */
  undecided: Change[];
  /** Of the set. */
  trials: ObservedTrial[];
}

/**
 * Baseline, winner and the winner without each of its changes, in fresh blocks: three where every block shows a wall, else as many as a verdict
 * on a ratio needs and the budget has room for. What makes no difference is dropped, one after the other.
 */
export function* confirm(
  course: Course,
  changes: readonly Change[],
  ratePerSecond: number | null,
  screened: Screened | null,
): Procedure<Confirmed> {
  const confirmation: Confirmation = { course, ratePerSecond, screened, blocks: [] };
  const dropped: Change[] = [];
  let members = [...changes];
  for (let round = 1; members.length > 0; round += 1) {
    yield* freshBlocks(confirmation, members, round);
    const drop = idleOf(confirmation, members);
    noteRound(confirmation, members);
    if (drop === null) break;
    if (!isTold(confirmation, members, drop)) return undecided(confirmation, members, dropped);
    dropped.push(drop);
    members = members.filter((change) => change !== drop);
  }
  return confirmed(confirmation, members, changes, dropped);
}

type Name = "baseline" | "winner" | "without";

function armsOf(members: readonly Change[]): { name: Name; arm: Arm }[] {
  const without = members.length < 2 ? [] : members.map((member) => withoutOf(members, member));
  return [
    { name: "baseline", arm: baselineArm },
    { name: "winner", arm: armOf(members) },
    ...without.map((arm) => ({ name: "without" as const, arm })),
  ];
}

function withoutOf(members: readonly Change[], member: Change): Arm {
  return armOf(members.filter((other) => other !== member));
}

function* freshBlocks(confirmation: Confirmation, members: readonly Change[], round: number): Procedure<void> {
  const { course, ratePerSecond, blocks } = confirmation;
  const arms = armsOf(members);
  const most = Math.max(wallBlocks, blocksNeeded(arms.length - 1));
  for (;;) {
    const done = blocks.filter((one) => arms.every(({ arm }) => trialOf(one, arm) !== null)).length;
    if (done >= most || (done >= wallBlocks && everyBlockShows(confirmation, members))) return;
    if (trialsLeft(course) < arms.length) {
      course.omitted.push({ code: "blocks", done, of: most });
      return;
    }
    const named = arms.map(({ name, arm }, index) => ({
      name: String(index),
      arm,
      step: { kind: "confirm", round, arm: name } as const,
    }));
    const seen = yield* block(course, named, ratePerSecond);
    blocks.push(named.flatMap(({ name, arm }) => trialsNamed(seen, name).map((trial) => ({ arm, trial }))));
  }
}

function trialsNamed(seen: Map<string, ObservedTrial>, name: string): ObservedTrial[] {
  const trial = seen.get(name);
  return trial === undefined ? [] : [trial];
}

/** Whether the winner ended better than every other arm in every block: nothing is left to statistics. */
function everyBlockShows(confirmation: Confirmation, members: readonly Change[]): boolean {
  const winner = armOf(members);
  const others = armsOf(members).filter(({ name }) => name !== "winner");
  return others.every(({ arm }) => byOutcome(compared(confirmation, arm, winner)) === "better");
}

/** A change without which the winner is no worse, the first to drop: what Kubernetes does not count as safe. null where there is none. */
function idleOf(confirmation: Confirmation, members: readonly Change[]): Change | null {
  const winner = armOf(members);
  const idle = members.filter((member) => advantage(confirmation, withoutOf(members, member), winner) === null);
  return idle.toSorted((one, other) => Number(isSafe(one)) - Number(isSafe(other)))[0] ?? null;
}

/** Whether there are trials enough to say that a change makes no difference: as many fresh blocks as a wall needs, or the screen beside one. */
function isTold(confirmation: Confirmation, members: readonly Change[], member: Change): boolean {
  const both = compared(confirmation, withoutOf(members, member), armOf(members));
  const { length } = both.pairs;
  return (
    length >= wallBlocks || (length > 0 && screenedResponse(confirmation.screened, both.before, both.after) !== null)
  );
}

function isSafe(change: Change): boolean {
  return change.kind === "setting" && (settingOf(change.key)?.safe ?? null) !== null;
}

function noteRound(confirmation: Confirmation, members: readonly Change[]): void {
  const { course, ratePerSecond, blocks } = confirmation;
  const trials = blocks.flatMap((one) => one.map(({ trial }) => trial));
  const gain = toldGain(confirmation, baselineArm, armOf(members));
  const came: StepResult = { kind: "confirmed", changes: [...members], gain };
  note(course, "confirm", trials, { arm: baselineArm, ratePerSecond }, came);
}

/** The budget ended before it could be told what helps: nothing is in the set, and nothing was seen to do nothing. */
function undecided(confirmation: Confirmation, members: readonly Change[], dropped: readonly Change[]): Confirmed {
  return { ...confirmed(confirmation, [], members, dropped), undecided: [...members] };
}

function confirmed(
  confirmation: Confirmation,
  members: readonly Change[],
  all: readonly Change[],
  dropped: readonly Change[],
): Confirmed {
  const winner = armOf(members);
  const { pairs } = compared(confirmation, baselineArm, winner);
  return {
    members: members.map((change) => ({
      change,
      gain: toldGain(confirmation, withoutOf(members, change), winner),
      onlyWith: isIdleAlone(confirmation, change, members) ? members.filter((other) => other !== change) : [],
    })),
    gain: pairs.length === 0 ? null : toldGain(confirmation, baselineArm, winner),
    dropped: dropped.map((change) => ({ change, isAlternative: replaces(confirmation, change, all, members) })),
    undecided: [],
    trials: pairs.map(({ after }) => after),
  };
}

/** Whether a change was seen to do nothing without the others. */
function isIdleAlone(confirmation: Confirmation, change: Change, members: readonly Change[]): boolean {
  const alone = armOf([change]);
  const { pairs } = compared(confirmation, baselineArm, alone);
  return members.length > 1 && pairs.length > 0 && advantage(confirmation, baselineArm, alone) === null;
}

/** Whether what was dropped helps where the set is not: then it is another way to the same. */
function replaces(
  confirmation: Confirmation,
  change: Change,
  all: readonly Change[],
  members: readonly Change[],
): boolean {
  const instead = armOf(all.filter((other) => isSameChange(other, change) || !members.includes(other)));
  const { pairs } = compared(confirmation, baselineArm, instead);
  return members.length > 0 && pairs.length > 0 && advantage(confirmation, baselineArm, instead) !== null;
}
