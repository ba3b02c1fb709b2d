import type { Candidate } from "../results/find.ts";
import { significanceLevel } from "../stats/significance.ts";
import { armChanges, placeOf, withChanges } from "./arm.ts";
import type { Base } from "./base.ts";
import { groupLooks, hasRoomForGroup, reservedFor, wallBlocks } from "./cost.ts";
import { block, type Course, note, type Procedure, trialsLeft } from "./course.ts";
import type { Gain } from "./found.ts";
import { betterBy, gainOf, isClearlyBetter, type Pair } from "./gain.ts";
import { endsBetter } from "./standing.ts";

/** What a group test said. omitted: it was not made, since the screen needs the trials. */
export type GroupVerdict = "helps" | "none-helps" | "unclear" | "no-setting" | "omitted";

/** What was tried together, and what came of it; gain null where it was not. */
export interface GroupTested {
  candidates: readonly Candidate[];
  verdict: GroupVerdict;
  gain: Gain | null;
}

/** What no finding has put into the base yet. */
export function openCandidates({ find }: Course, { arm }: Base): Candidate[] {
  const has = new Set(armChanges(arm).map(placeOf));
  return find.candidates.filter(({ change }) => !has.has(placeOf(change)));
}

/**
 * All candidates at once against the base, in pairs. Helps: at a look, p (times the looks) is below the level and the whole interval is above nothing;
 * none: the whole interval is below the tolerance. Where the base's finding says that no setting cures, one pair without a clear gain is enough.
 */
export function* groupTest(course: Course, base: Base, candidates: readonly Candidate[]): Procedure<GroupTested> {
  if (!needsNoSetting(base) && !hasRoomForGroup(trialsLeft(course), candidates.length, armChanges(base.arm).length)) {
    course.omitted.push({ code: "group-test", trials: 2 * groupLooks[0] });
    return { candidates, verdict: "omitted", gain: null };
  }
  const pairs: Pair[] = [];
  const most = groupLooks[1];
  while (pairs.length < most) {
    if (trialsLeft(course) < 2 + reservedFor(armChanges(base.arm).length)) {
      course.omitted.push({ code: "pairs", done: pairs.length, of: most });
      break;
    }
    pairs.push(yield* pair(course, base, candidates, pairs.length + 1));
    const verdict = verdictOf(course, base, pairs);
    if (verdict !== null) return noted(course, base, candidates, pairs, verdict);
  }
  return noted(course, base, candidates, pairs, "unclear");
}

function* pair(course: Course, base: Base, candidates: readonly Candidate[], number: number): Procedure<Pair> {
  const all = withChanges(
    base.arm,
    candidates.map(({ change }) => change),
  );
  const step = (isAll: boolean) => ({ kind: "group", pair: number, all: isAll }) as const;
  const arms = [
    { name: "before", step: step(false), arm: base.arm },
    { name: "after", step: step(true), arm: all },
  ] as const;
  const seen = yield* block(course, arms, base.ratePerSecond);
  const [before, after] = [seen.get("before"), seen.get("after")];
  if (before === undefined || after === undefined) throw new Error("a block has all of its arms");
  return { before, after };
}

function verdictOf(course: Course, base: Base, pairs: readonly Pair[]): Exclude<GroupVerdict, "omitted"> | null {
  const [before, after] = [pairs.map((one) => one.before), pairs.map((one) => one.after)];
  if (pairs.length === 1 && needsNoSetting(base)) {
    return isClearlyBetter(after, [...base.trials, ...before], base.response) ? null : "no-setting";
  }
  if (pairs.length >= wallBlocks && endsBetter(after, before)) return "helps";
  if (!groupLooks.some((look) => look === pairs.length)) return null;
  const gain = gainAtLook(base, pairs);
  const { low, high } = betterBy(gain);
  if (gain.p !== null && gain.p < significanceLevel && low !== null && low > 1) return "helps";
  return high !== null && high < 1 + course.find.tolerance ? "none-helps" : null;
}

function gainAtLook(base: Base, pairs: readonly Pair[]): Gain {
  return gainOf(pairs, base.response, groupLooks.length);
}

/** Evidence from which a finding without a setting among its remedies is believed. */
const strong = 0.75;

/** Whether the kernel or two measurements say what binds, and no setting is among what would help. */
function needsNoSetting({ finding }: Base): boolean {
  if (finding === null) return false;
  return finding.strength >= strong && !finding.remedies.some(({ kind }) => kind === "setting");
}

function noted(
  course: Course,
  base: Base,
  candidates: readonly Candidate[],
  pairs: readonly Pair[],
  verdict: Exclude<GroupVerdict, "omitted">,
): GroupTested {
  const trials = pairs.flatMap(({ before, after }) => [before, after]);
  const gain = gainAtLook(base, pairs);
  note(course, "group", trials, base, { kind: "group", candidates: candidates.length, gain, verdict });
  return { candidates, verdict, gain };
}
