import { formatChosen } from "../../core/units.ts";
import { conditionsOf } from "../../results/experiment.ts";
import type { Condition, ConditionAction } from "../../results/goals.ts";
import { type ConditionRow, conditionRows, type GoalCell, goalCount, measuredHeads, useRows } from "../conditions.ts";
import type { ReportInput } from "../report-input.ts";
import { foundIn, sizingLegend, sizingRows } from "../sizing.ts";
import { small } from "./comparison-cells.ts";
import { html, type Insert, type Markup } from "./markup.ts";
import { profileName } from "./profile-name.ts";
import { capital, dataTable, type Head } from "./table.ts";

/** Each condition with what was done in it, its profiles and goals; below, what every part used. Nothing for a run whose load is one. */
export function conditionsSection(input: ReportInput): Markup {
  const rows = conditionRows(input);
  if (rows.length === 0) return html``;
  const actions = conditionsOf(input.run.experiment).flatMap(actionSentences);
  return html`<section aria-labelledby="conditions"><h2 id="conditions">Conditions</h2>
${dataTable(
  "Medians over the blocks; the target is all its copies, its memory at the peak",
  conditionHeads,
  rows.map((row) => conditionCells(row, input)),
)}
${goalsTable(rows, input)}
${actions.length === 0 ? null : html`<ul class="sentences">${actions.map((sentence) => html`<li>${sentence}</li>`)}</ul>`}
<details><summary>CPU and memory of every part</summary>${dataTable("Cores: mean and highest second; resident memory: mean and highest look", useHeads, useCells(input))}</details></section>`;
}

const conditionHeads: Head[] = [
  { title: "Condition" },
  { title: "Profile" },
  { title: "Goals" },
  ...measuredHeads.map((title) => ({ title: capital(title), numeric: true })),
  { title: "Recovered", numeric: true },
  { title: "Target's cores", numeric: true },
  { title: "Its memory", numeric: true },
];

function conditionCells(row: ConditionRow, { analysis }: ReportInput): Insert[] {
  return [
    row.condition,
    profileName(analysis, row.profile),
    row.goals.length === 0 ? "-" : html`<span class="verdict ${looks[worst(row.goals)]}">${goalCount(row)}</span>`,
    html`${row.served}${small(`${row.asked} asked`)}`,
    row.failed,
    row.p99,
    row.recovered,
    row.cores,
    row.memory,
  ];
}

const signs = { kept: "\u2713", missed: "\u2717", open: "?" };
const looks = { kept: "better", missed: "worse", open: "inconclusive" };

function worst(goals: GoalCell[]): GoalCell["state"] {
  return (["missed", "open"] as const).find((state) => goals.some((goal) => goal.state === state)) ?? "kept";
}

/** Each goal with what came of it, profile by profile. Nothing where no condition has one. */
function goalsTable(rows: ConditionRow[], { run, analysis }: ReportInput): Markup {
  const profiles = analysis.profiles.map(({ name }) => name);
  const cells = conditionsOf(run.experiment).flatMap(({ name, goals }) => {
    const own = profiles.map((profile) => rows.find((row) => row.condition === name && row.profile === profile));
    return goals.map((_, place): Insert[] => {
      const each = own.map((row) => row?.goals[place]);
      return [html`${each.find((cell) => cell !== undefined)?.goal ?? ""}${small(name)}`, ...each.map(goalMark)];
    });
  });
  if (cells.length === 0) return html``;
  return dataTable(
    "Goals: what was measured, and whether it is within",
    [{ title: "Goal" }, ...profiles.map((title) => ({ title }))],
    cells,
  );
}

/** What became of a goal, and what was measured. */
export function goalMark(cell: GoalCell | undefined): Insert {
  if (cell === undefined) return "-";
  const { state, result, value } = cell;
  return html`<span class="verdict ${looks[state]}"><span aria-hidden="true">${signs[state]}</span> ${result}</span>${small(value)}`;
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

const useHeads: Head[] = [
  { title: "Condition" },
  { title: "Profile" },
  { title: "Part" },
  { title: "Cores", numeric: true },
  { title: "At the peak", numeric: true },
  { title: "Memory", numeric: true },
  { title: "At the peak", numeric: true },
];

function useCells(input: ReportInput): Insert[][] {
  return useRows(input).map((row) => [
    row.condition,
    profileName(input.analysis, row.profile),
    row.role,
    row.meanCores,
    row.peakCores,
    row.meanMemory,
    row.peakMemory,
  ]);
}

const sizingHeads: Head[] = [
  { title: "Profile" },
  { title: "CPU request", numeric: true },
  { title: "CPU limit", numeric: true },
  { title: "Memory request", numeric: true },
  { title: "Memory limit", numeric: true },
];

/** What one copy of the target may be given, and under which condition each number was found. Nothing without conditions. */
export function sizingSection(input: ReportInput): Markup {
  const rows = sizingRows(input);
  if (rows.length === 0) return html``;
  const cells = rows.map(({ profile, cpuRequest, cpuLimit, memoryRequest, memoryLimit, sizing }): Insert[] => [
    profileName(input.analysis, profile),
    html`${cpuRequest}${small(foundIn(sizing.cpuRequestCores))}`,
    html`${cpuLimit}${small(foundIn(sizing.cpuLimitCores))}`,
    html`${memoryRequest}${small(foundIn(sizing.memoryRequestBytes))}`,
    html`${memoryLimit}${small(foundIn(sizing.memoryLimitBytes))}`,
  ]);
  return html`<section aria-labelledby="sizing"><h2 id="sizing">Sizing</h2>
${dataTable("Requests and limits of one copy of the target", sizingHeads, cells)}
<p class="muted">${sizingLegend(input)}</p></section>`;
}
