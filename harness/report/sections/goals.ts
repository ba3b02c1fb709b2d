import type { Analysis } from "../../analysis/analysis.ts";
import type { GoalSummary } from "../../analysis/conditions.ts";
import type { ThresholdSummary } from "../../analysis/thresholds.ts";
import { formatGoal, formatMeasure } from "../../core/measures.ts";
import { formatDecimal } from "../../core/numbers.ts";
import { formatQuantity } from "../../core/units.ts";
import type { Threshold } from "../../results/script.ts";
import type { Piece, Section, Text } from "../blocks.ts";
import { profilePiece } from "./pieces.ts";

/** What became of the suite's goals; and of its script's thresholds; null where it has none, or they belong to a search or to conditions. */
export function goalsSection(analysis: Analysis): Section | null {
  const rows = analysis.profiles.flatMap(({ name, goals, thresholds, trials, invalid }) => {
    const cells = [
      ...goals.map((goal) => goalCells(goal, trials - invalid)),
      ...thresholds.map((threshold) => thresholdCells(threshold, threshold.kept + threshold.missed)),
    ];
    return cells.map((row): Text[] => [profilePiece(analysis, name), ...row]);
  });
  const hasThresholds = analysis.profiles.some(({ thresholds }) => thresholds.length > 0);
  if (rows.length === 0) return null;
  const columns = [{ title: "profile" }, ...goalColumns];
  const notes = [
    "Latency counts up to the first wall, failures over the whole load.",
    ...(hasThresholds ? ["Thresholds of the script are taken over the whole load, percentiles within 9%."] : []),
  ];
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

function thresholdCells(threshold: ThresholdSummary, n: number): Text[] {
  return [thresholdText(threshold), thresholdValue(threshold), goalMark(threshold, n)];
}

/** As the script writes it. */
function thresholdText({ metric, tags, aggregation, comparison, limit }: Threshold): string {
  const tagged = Object.entries(tags).map(([name, value]) => `${name}:${value}`);
  return `${metric}${tagged.length === 0 ? "" : `{${tagged.join(",")}}`} ${aggregation}${comparison}${limit}`;
}

function thresholdValue({ value, unit }: ThresholdSummary): string {
  if (value === null) return "-";
  return unit === null ? formatDecimal(value) : formatQuantity(value, unit);
}

/** What is counted of a goal or a threshold. */
type Counted = Pick<GoalSummary, "kept" | "missed">;

/** "kept", "missed", "missed in 2 of 3", "not judged". */
function goalMark(goal: Counted, n: number): Piece {
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

export function goalState({ missed, kept }: Counted): keyof typeof looks {
  if (missed > 0) return "missed";
  return kept > 0 ? "kept" : "open";
}
