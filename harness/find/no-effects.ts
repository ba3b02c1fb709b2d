import type { Change } from "../results/find.ts";
import { placeOf } from "./arm.ts";
import type { NoEffect } from "./found.ts";
import { betterBy } from "./gain.ts";
import type { Stages } from "./procedure.ts";

/** What was tried and is not in the set, each once, by the step that saw it last. */
export function noEffects(stages: Stages): NoEffect[] {
  const { members = [], undecided = [] } = stages.confirmed ?? {};
  const open = [...members.map(({ change }) => change), ...undecided, ...suspectsOf(stages)];
  const kept = new Set(open.map(placeOf));
  const all = [...ofConfirm(stages), ...ofScreen(stages), ...ofGroup(stages), ...ofFollow(stages)];
  return all.filter(
    ({ change }, place) =>
      !kept.has(placeOf(change)) && all.findIndex((other) => placeOf(other.change) === placeOf(change)) === place,
  );
}

/** Until they are confirmed or dropped. */
function suspectsOf({ confirmed, screened, followed }: Stages): Change[] {
  if (confirmed !== null) return [];
  return [...(screened?.suspects ?? []), ...(followed?.accepted ?? []).flatMap(({ changes }) => changes)];
}

function ofConfirm({ confirmed }: Stages): NoEffect[] {
  return (confirmed?.dropped ?? []).map(({ change, isAlternative }) => {
    return { change, below: null, seenIn: isAlternative ? "alternative" : "confirm" };
  });
}

function ofScreen({ screened }: Stages): NoEffect[] {
  if (screened === null) return [];
  const { better } = screened.response;
  return screened.effects.map((effect) => {
    return { change: effect.change, below: above(betterBy({ better, ...effect }).high), seenIn: "screen" };
  });
}

/** Where the group helped nothing is known of its members one by one. */
function ofGroup({ group }: Stages): NoEffect[] {
  if (group === null || group.verdict === "helps" || group.verdict === "omitted") return [];
  const below = group.gain === null || group.verdict === "no-setting" ? null : above(betterBy(group.gain).high);
  return group.candidates.map(({ change }) => ({ change, below, seenIn: "group" }));
}

function ofFollow({ followed }: Stages): NoEffect[] {
  const changes: Change[] = (followed?.rejected ?? []).flatMap(({ changes: tried }) => tried);
  return changes.map((change) => ({ change, below: null, seenIn: "follow" }));
}

/** How much more than nothing a ratio is; null where it is not known. */
function above(ratio: number | null): number | null {
  return ratio === null ? null : Math.max(0, ratio - 1);
}
