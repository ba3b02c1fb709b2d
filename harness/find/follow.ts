import type { Finding } from "../diagnose/finding.ts";
import type { Change } from "../results/find.ts";
import { armName, withChanges } from "./arm.ts";
import { type Base, baseOf } from "./base.ts";
import { raised } from "./baseline.ts";
import { alone, type Course, note, type Procedure, trialsLeft } from "./course.ts";
import { gainOf, isClearlyBetter } from "./gain.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import { triesOf } from "./remedies.ts";

/** What came of following the findings. */
export interface Followed {
  base: Base;
  /** The changes that became the base, in their order, with the finding that named each. */
  accepted: { changes: Change[]; finding: Finding; ratePerSecond: number | null }[];
  /** Those that were tried alone and did not clearly help. */
  rejected: { changes: Change[]; finding: Finding }[];
}

/** Findings may follow one another so often: each cures a limit that stood before the next. */
const mostFollowed = 12;

/** Tries what the base's finding names; what helps becomes the base, whose finding is followed in turn, until one names nothing more to try. */
export function* follow(course: Course, start: Base): Procedure<Followed> {
  const followed: Followed = { base: start, accepted: [], rejected: [] };
  const tried = new Set<string>();
  for (let round = 0; round < mostFollowed; round += 1) {
    const { base } = followed;
    const { finding } = base;
    if (finding === null) break;
    const helped = yield* firstThatHelps(course, base, finding, tried, followed);
    if (helped === null) break;
    followed.accepted.push({ changes: helped.changes, finding, ratePerSecond: base.ratePerSecond });
    followed.base = yield* raised(course, helped.base);
  }
  return followed;
}

function* firstThatHelps(
  course: Course,
  base: Base,
  finding: Finding,
  tried: Set<string>,
  { rejected }: Followed,
): Procedure<{ changes: Change[]; base: Base } | null> {
  for (const changes of triesOf(course.find, finding, base.arm)) {
    const arm = withChanges(base.arm, changes);
    if (tried.has(armName(arm)) || trialsLeft(course) < 2) continue;
    tried.add(armName(arm));
    const trials = yield* trial(course, base, finding, changes);
    const helped = trials.length === 2 && isClearlyBetter(trials, base.trials, base.response);
    noteTry(course, base, finding, changes, trials, helped);
    if (helped) return { changes, base: baseOf(arm, base.ratePerSecond, trials) };
    rejected.push({ changes, finding });
  }
  return null;
}

/** One trial, and a second where the first was clearly better. */
function* trial(course: Course, base: Base, { rule }: Finding, changes: Change[]): Procedure<ObservedTrial[]> {
  const request = {
    step: { kind: "follow", rule, changes } as const,
    arm: withChanges(base.arm, changes),
    ratePerSecond: base.ratePerSecond,
  };
  const first = yield* alone(course, request);
  return isClearlyBetter([first], base.trials, base.response) ? [first, yield* alone(course, request)] : [first];
}

function noteTry(
  course: Course,
  base: Base,
  { rule }: Finding,
  changes: Change[],
  trials: ObservedTrial[],
  helped: boolean,
): void {
  const pairs = trials.flatMap((after, place) => {
    const before = base.trials[place] ?? base.trials[0];
    return before === undefined ? [] : [{ before, after }];
  });
  note(course, "follow", trials, base, { kind: "tried", rule, changes, helped, gain: gainOf(pairs, base.response) });
}
