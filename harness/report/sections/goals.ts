import type { Analysis } from "../../analysis/analysis.ts";
import type { GoalSummary } from "../../analysis/conditions.ts";
import { formatGoal, formatMeasure } from "../../core/measures.ts";
import type { Piece, Section, Text } from "../blocks.ts";
import { profilePiece } from "./pieces.ts";

/** What became of the suite's goals; null where it has none, or they belong to a search or to conditions. */
export function goalsSection(analysis: Analysis): Section | null {
  const rows = analysis.profiles.flatMap(({ name, goals, trials, invalid }) =>
    goals.map((goal): Text[] => [profilePiece(analysis, name), ...goalCells(goal, trials - invalid)]),
  );
  if (rows.length === 0) return null;
  const columns = [{ title: "profile" }, ...goalColumns];
  const notes = ["Latency counts up to the first wall, failures over the whole load."];
  return {
    id: "goals",
    title: "Goals",
    reach: "everywhere",
    blocks: [{ kind: "table", caption: "What was measured, and whether it is within", columns, rows, notes }],
  };
}

export const goalColumns = [{ title: "goal" }, { title: "measured", numeric: true, drop: 1 }, { title: "result" }];

/** A goal over `n` trials: "failed requests <= 5%", the median of what was measured, and in how many it was kept. */
export function goalCells(goal: GoalSummary, n: number): Text[] {
  const { measure, value } = goal;
  return [formatGoal(goal), value === null ? "-" : formatMeasure(measure, value.median), goalMark(goal, n)];
}

/** "kept", "missed", "missed in 2 of 3", "not judged". */
function goalMark(goal: GoalSummary, n: number): Piece {
  const { kept, missed } = goal;
  const state = goalState(goal);
  const count = state === "open" || kept === n || missed === n ? "" : ` in ${missed > 0 ? missed : kept} of ${n}`;
  return { kind: "mark", text: state === "open" ? "not judged" : `${state}${count}`, ...looks[state] };
}

export const looks = {
  kept: { tone: "good", sign: "\u2713" },
  missed: { tone: "bad", sign: "\u2717" },
  open: { tone: "open", sign: "?" },
} as const;

export function goalState({ missed, kept }: GoalSummary): keyof typeof looks {
  if (missed > 0) return "missed";
  return kept > 0 ? "kept" : "open";
}
