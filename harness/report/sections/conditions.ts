import type { ConditionSummary, Range } from "../../analysis/conditions.ts";
import { measureOf } from "../../core/measures.ts";
import { formatBytes, formatDecimal } from "../../core/numbers.ts";
import { formatChosen, formatMilliseconds, formatPercent, formatRate, formatSeconds } from "../../core/units.ts";
import type { Condition, ConditionAction } from "../../results/goals.ts";
import { conditionsOf } from "../../results/goals-of.ts";
import type { Block, Column, Section, Table, Text } from "../blocks.ts";
import type { ReportInput } from "../report-input.ts";
import { goalCells, goalColumns, goalState, looks } from "./goals.ts";
import { profilePiece } from "./pieces.ts";

/** Each condition with its profiles, their goals, what was done, and what every part used; null for a run whose load is one. */
export function conditionsSection(input: ReportInput): Section | null {
  const summaries = conditionsOf(input.run.experiment).flatMap(({ name }) =>
    input.analysis.conditions.filter(({ condition }) => condition === name),
  );
  if (summaries.length === 0) return null;
  const actions = conditionsOf(input.run.experiment).flatMap(actionSentences);
  return {
    id: "conditions",
    title: "Conditions",
    reach: "everywhere",
    blocks: [
      conditionTable(summaries, input),
      ...goalTable(summaries, input),
      ...(actions.length === 0 ? [] : [{ kind: "list", items: actions } as const]),
      {
        kind: "folded",
        summary: "CPU and memory of every part",
        optional: true,
        blocks: [useTable(summaries, input)],
      },
    ],
  };
}

function conditionTable(summaries: ConditionSummary[], { analysis }: ReportInput): Table {
  const measured = (["sustainedPerSecond", "faultRatio", "latencyMs.p99"] as const).map(
    (name) => measureOf(name).short,
  );
  const [served = "", failed = "", p99 = ""] = measured;
  const number = (title: string, drop: Partial<Column>): Column => ({ title, numeric: true, ...drop });
  const columns: Column[] = [
    { title: "condition" },
    { title: "profile" },
    number("asked", { drop: 3 }),
    number(served, {}),
    number(failed, {}),
    number(p99, { drop: 2 }),
    number("recovered", { drop: 4 }),
    number("cores", { drop: 5 }),
    number("memory", { drop: 6 }),
    { title: "goals" },
  ];
  const rows = summaries.map((summary): Text[] => {
    const target = summary.use.target;
    return [
      summary.condition,
      profilePiece(analysis, summary.profile),
      formatRate(summary.askedPerSecond),
      middle(summary.sustainedPerSecond, formatRate),
      middle(summary.faultRatio, formatPercent),
      middle(summary.p99Ms, formatMilliseconds),
      recoveredWords(summary),
      middle(target?.meanCores, formatDecimal),
      middle(target?.peakMemoryBytes, formatBytes),
      goalCount(summary),
    ];
  });
  const recovered = "Recovered: how long after the end of the last action.";
  const notes = [
    "Medians over the blocks. Cores are the mean and memory is the peak, over all copies of the target.",
    ...(summaries.some(({ disturbed }) => disturbed) ? [recovered] : []),
  ];
  return { kind: "table", caption: "What each condition came to", columns, rows, notes };
}

/** The median of a range; "-" where there is none. */
function middle(range: Range | null | undefined, format: (value: number) => string): string {
  return range == null ? "-" : format(range.median);
}

/** "0.4 s", "no", "0.4 s (2/3)"; "-" where nothing was done to parts. */
function recoveredWords({ disturbed, n, recovered, recoverySeconds }: ConditionSummary): string {
  if (!disturbed || n === 0) return "-";
  if (recoverySeconds === null) return "no";
  const when = formatSeconds(recoverySeconds.median);
  return recovered === n ? when : `${when} (${recovered}/${n})`;
}

/** "3 of 3 kept", by its worst goal; "" without goals. */
function goalCount({ goals }: ConditionSummary): Text {
  if (goals.length === 0) return "";
  const states = goals.map(goalState);
  const worst = (["missed", "open"] as const).find((state) => states.includes(state)) ?? "kept";
  const kept = states.filter((state) => state === "kept").length;
  return { kind: "mark", text: `${kept} of ${goals.length} kept`, tone: looks[worst].tone };
}

/** Each goal, profile beside profile. [] where no condition has one. */
function goalTable(summaries: ConditionSummary[], { run, analysis }: ReportInput): Block[] {
  const rows = conditionsOf(run.experiment).flatMap(({ name, goals }) =>
    goals.flatMap((_, place) =>
      summaries.flatMap(({ condition, profile, goals: own, n }): Text[][] => {
        const [goal] = own.slice(place, place + 1);
        if (condition !== name || goal === undefined) return [];
        const [words = "", ...cells] = goalCells(goal, n);
        return [[words, condition, profilePiece(analysis, profile), ...cells]];
      }),
    ),
  );
  if (rows.length === 0) return [];
  const [goal, ...results] = goalColumns;
  const columns = [goal ?? { title: "goal" }, { title: "condition" }, { title: "profile" }, ...results];
  return [{ kind: "table", caption: "Goals: what was measured, and whether it is within", columns, rows, notes: [] }];
}

/** "failure, after 2 s: db is killed, and started again 1 s later" */
function actionSentences({ name, actions }: Condition): string[] {
  return actions.map((action) => `${name}, after ${formatChosen(action.atMs / 1000, "s")}: ${actionWords(action)}`);
}

function actionWords(action: ConditionAction): string {
  const part =
    action.kind !== "latency" && action.replica > 1 ? `copy ${action.replica} of ${action.part}` : action.part;
  if (action.kind === "latency") {
    return `${part} answers ${formatChosen(action.addedMs, "ms")} later for ${formatChosen(action.lastingMs / 1000, "s")}`;
  }
  if (action.kind === "pause") return `${part} stands still for ${formatChosen(action.lastingMs / 1000, "s")}`;
  if (action.restartAfterMs === null) return `${part} is killed and stays dead`;
  return `${part} is killed, and started again ${formatChosen(action.restartAfterMs / 1000, "s")} later`;
}

/** Every role's use under every condition of every profile. With several copies the plain name is all of them. */
function useTable(summaries: ConditionSummary[], { analysis }: ReportInput): Table {
  const rows = summaries.flatMap(({ condition, profile, use }) =>
    Object.entries(use).map(([role, { meanCores, peakCores, meanMemoryBytes, peakMemoryBytes }]): Text[] => [
      condition,
      profilePiece(analysis, profile),
      role === "target" && "target-1" in use ? "target, all copies" : role,
      middle(meanCores, formatDecimal),
      middle(peakCores, formatDecimal),
      middle(meanMemoryBytes, formatBytes),
      middle(peakMemoryBytes, formatBytes),
    ]),
  );
  const numbers = ["cores", "at the peak", "memory", "at the peak"].map((title) => ({ title, numeric: true }));
  const columns = [...["condition", "profile", "part"].map((title) => ({ title })), ...numbers];
  const caption = "Cores: mean and highest second; resident memory: mean and highest look";
  return { kind: "table", caption, columns, rows, notes: [] };
}
