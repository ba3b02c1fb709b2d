import { escapeMarkdown, markdownTable } from "./markdown.ts";
import type { ReportInput } from "./report-input.ts";
import { type SearchRow, searchLegend, searchRows, stepRows } from "./search.ts";

/** What each profile sustains, and every search step by step. "" for a run that searched for no rate. */
export function searchSection(input: ReportInput): string {
  const rows = searchRows(input);
  if (rows.length === 0) return "";
  const head = ["profile", "sustains", "over the blocks", "the ports allow", "steps"];
  const table = markdownTable(head, "lrlrr", rows.map(cellsOf));
  const notes = rows.flatMap(({ profile, notes }) => notes.map((note) => `- ${escapeMarkdown(`${profile}: ${note}`)}`));
  return [
    "## Sustainable rate",
    table,
    escapeMarkdown(searchLegend(input)),
    ...(notes.length === 0 ? [] : [notes.join("\n")]),
    ...input.analysis.profiles.flatMap(profileSearches),
  ].join("\n\n");
}

function cellsOf({ profile, found, spread, ceiling, steps }: SearchRow): string[] {
  return [escapeMarkdown(profile), found.replace(">=", "&gt;="), spread ?? "", ceiling, steps];
}

function profileSearches({ name, search }: ReportInput["analysis"]["profiles"][number]): string[] {
  return (search?.searches ?? []).map(({ block, steps }) => {
    const cells = stepRows(steps).map((row) => [
      `${row.place}`,
      row.phase,
      row.rate,
      `${row.result}${row.why === "" ? "" : `: ${escapeMarkdown(row.why)}`}`,
    ]);
    const title = escapeMarkdown(`${name}, block ${block}`);
    return `<details><summary>${title}</summary>\n\n${markdownTable(["step", "phase", "rate", "result"], "rlrl", cells)}\n\n</details>`;
  });
}
