import { conditionRows, type GoalCell, measuredHeads } from "./conditions.ts";
import { escapeMarkdown, markdownTable } from "./markdown-parts.ts";
import type { ReportInput } from "./report-input.ts";
import { sizingLegend, sizingRows } from "./sizing.ts";

/** Each condition with its profiles and goals. "" for a run whose load is one. */
export function conditionsSection(input: ReportInput): string {
  const rows = conditionRows(input);
  if (rows.length === 0) return "";
  const head = ["condition", "profile", "asked", ...measuredHeads, "recovered", "cores", "memory", "goals"];
  const body = rows.map((row) => [
    escapeMarkdown(row.condition),
    escapeMarkdown(row.profile),
    row.asked,
    row.served,
    row.failed,
    row.p99,
    row.recovered,
    row.cores,
    row.memory,
    row.goals.map(goalText).join("<br>"),
  ]);
  const legend = "Cores are the mean, memory the peak of the target, all copies; medians over the blocks.";
  return `## Conditions\n\n${markdownTable(head, "llrrrrrrrl", body)}\n\n${legend}`;
}

function goalText({ goal, value, result, state }: GoalCell): string {
  const text = `${escapeMarkdown(goal)}: ${result} (${value})`;
  return state === "missed" ? `**${text}**` : text;
}

/** What a copy of the target may be given. "" without conditions. */
export function sizingSection(input: ReportInput): string {
  const rows = sizingRows(input);
  if (rows.length === 0) return "";
  const head = ["profile", "CPU request", "CPU limit", "memory request", "memory limit"];
  const body = rows.map((row) => [
    escapeMarkdown(row.profile),
    row.cpuRequest,
    row.cpuLimit,
    row.memoryRequest,
    row.memoryLimit,
  ]);
  return `## Sizing\n\n${markdownTable(head, "lrrrr", body)}\n\n${escapeMarkdown(sizingLegend(input))}`;
}
