import type { Finding } from "../diagnose/finding.ts";
import type { Find } from "../results/find.ts";
import { armOf, isSameArm, placeOf } from "./arm.ts";
import { baseOf } from "./base.ts";
import type { Elsewhere, FindResult, Helped } from "./found.ts";
import { noEffects } from "./no-effects.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import { changeOf } from "./remedies.ts";
import { type Replayed, replay } from "./replay.ts";

/** What a find came to, or is known of it so far: a pure function of its record and its stored trials, in any order. */
export function conclude(find: Find, trials: readonly ObservedTrial[]): FindResult {
  const replayed = replay(find, trials);
  const { course, stages, move } = replayed;
  const members = stages.confirmed?.members ?? [];
  const { target, upstreams, levers } = armOf(members.map(({ change }) => change));
  const bindsNow = findingNow(replayed);
  return {
    ...{ settings: target, upstreams, levers },
    gain: members.length === 0 ? null : (stages.confirmed?.gain ?? null),
    helped: members.map((member) => ({ ...member, by: pointedAtBy(replayed, member) })),
    noEffect: noEffects(stages),
    bindsNow,
    elsewhere: elsewhere(find, findingsMet(replayed), bindsNow),
    leftOut: find.leftOut,
    conditions: find.conditions,
    ratePerSecond: stages.followed?.base.ratePerSecond ?? course.path.at(-1)?.ratePerSecond ?? null,
    omitted: course.omitted,
    path: course.path,
    ended: move.kind === "done" ? move.reason : null,
  };
}

function pointedAtBy({ stages }: Replayed, { change }: Pick<Helped, "change">): Helped["by"] {
  const isMeant = (other: Helped["change"]) => placeOf(other) === placeOf(change);
  const named = stages.followed?.accepted.find(({ changes }) => changes.some(isMeant));
  if (named !== undefined) return { kind: "finding", rule: named.finding.rule };
  return stages.screened === null ? { kind: "group" } : { kind: "screen" };
}

/** With the set, or with what is thought to be it; without one what bound at the beginning. */
function findingNow({ course, stages: { confirmed, followed } }: Replayed): Finding | null {
  const set = armOf((confirmed?.members ?? []).map(({ change }) => change));
  const isOpen = confirmed === null || confirmed.undecided.length > 0;
  if (followed !== null && (isOpen || isSameArm(followed.base.arm, set))) return followed.base.finding;
  if (confirmed !== null && confirmed.members.length > 0) return baseOf(set, null, confirmed.trials).finding;
  const [start] = course.path;
  return start?.came.kind === "bound" ? start.came.finding : null;
}

/** Those that stood in the way at the beginning and on the way. */
function findingsMet({ course }: Replayed): Finding[] {
  return course.path.flatMap(({ came }) => (came.kind === "bound" && came.finding !== null ? [came.finding] : []));
}

/** Remedies that nothing here can try: no settings, and no levers of the suite. */
function elsewhere(find: Find, met: readonly Finding[], now: Finding | null): Elsewhere[] {
  const of = (finding: Finding, binds: Elsewhere["binds"]) =>
    finding.remedies.flatMap((remedy): Elsewhere[] =>
      remedy.kind === "setting" || changeOf(find, remedy) !== null ? [] : [{ rule: finding.rule, remedy, binds }],
    );
  const all = [...(now === null ? [] : of(now, "now")), ...met.flatMap((finding) => of(finding, "before"))];
  const same = (one: Elsewhere) => JSON.stringify([one.rule, one.remedy]);
  return all.filter((one, place) => all.findIndex((other) => same(other) === same(one)) === place);
}
