import type { Change } from "../results/find.ts";
import { armChanges, withChanges } from "./arm.ts";
import { isBound } from "./base.ts";
import { baseline } from "./baseline.ts";
import { enoughOf } from "./bisect.ts";
import { type Confirmed, confirm } from "./confirm.ts";
import { fewCandidates } from "./cost.ts";
import type { Course, Procedure } from "./course.ts";
import { type Followed, follow } from "./follow.ts";
import { type GroupTested, groupTest, openCandidates } from "./group-test.ts";
import type { DoneReason } from "./move.ts";
import { type Screened, screen } from "./screening.ts";

/** What the parts of the procedure came to so far; null for those that are not over. */
export interface Stages {
  followed: Followed | null;
  group: GroupTested | null;
  screened: Screened | null;
  confirmed: Confirmed | null;
}

/**
 * The whole of a find: baseline; the findings followed; what no finding points at in a group, and where that helps screened; and all that helped
 * confirmed in fresh blocks. The one order of its steps, whoever runs them.
 */
export function* procedure(course: Course, stages: Stages): Procedure<DoneReason> {
  const start = yield* baseline(course);
  if (course.find.goals.length > 0 && !isBound(start)) return { code: "goals-kept" };
  const followed = yield* follow(course, start);
  stages.followed = followed;
  const suspects = yield* suspectsAmongOthers(course, followed, stages);
  const changes = armChanges(withChanges(followed.base.arm, suspects));
  if (changes.length === 0) return withoutSuspects(course, stages);
  const rate = suspects.length > 0 ? followed.base.ratePerSecond : (followed.accepted.at(-1)?.ratePerSecond ?? null);
  stages.confirmed = yield* confirm(course, changes, rate, stages.screened);
  if (stages.confirmed.undecided.length > 0) return { code: "budget", next: "confirm" };
  yield* enoughOf(course, stages.confirmed, rate);
  return stages.confirmed.members.length > 0 ? { code: "found" } : { code: "none-helps" };
}

/** What of the other candidates is worth fresh blocks. What serves all that is asked, thanks to what was found, needs no more. */
function* suspectsAmongOthers(course: Course, { base, accepted }: Followed, stages: Stages): Procedure<Change[]> {
  const candidates = openCandidates(course, base);
  const isCured = accepted.length > 0 && !isBound(base);
  if (candidates.length === 0 || isCured || base.finding?.rule === "generator-bound") return [];
  stages.group = yield* groupTest(course, base, candidates);
  const { verdict } = stages.group;
  if (verdict !== "helps" && verdict !== "omitted") return [];
  if (candidates.length <= fewCandidates) return candidates.map(({ change }) => change);
  stages.screened = yield* screen(course, base, candidates, verdict === "helps");
  return stages.screened?.suspects ?? [];
}

function withoutSuspects({ omitted }: Course, { followed, group, screened }: Stages): DoneReason {
  const verdict = group?.verdict ?? null;
  if (verdict === "helps" && screened === null) return { code: "budget", next: "screen" };
  const isUntried = verdict === "omitted" && screened === null;
  if (isUntried || omitted.some(({ code }) => code === "pairs")) return { code: "budget", next: "group" };
  const isOfSettings = followed?.base.finding?.remedies.some(({ kind }) => kind === "setting") ?? false;
  if (verdict === "no-setting" || (verdict === null && followed?.base.finding != null && !isOfSettings)) {
    return { code: "no-setting" };
  }
  return verdict === "unclear" ? { code: "unclear" } : { code: "none-helps" };
}
