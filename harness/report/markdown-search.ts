import { inconclusiveReasons } from "./comparison.ts";
import { type Footnote, footnotes } from "./doubts.ts";
import { escapeMarkdown, markdownName, markdownRatio, markdownTable, markdownVerdict } from "./markdown-parts.ts";
import type { ReportInput } from "./report-input.ts";
import { type SearchRow, searchLegend, searchRows, stepRows } from "./search.ts";

/** What each profile sustains, and every search step by step. "" for a run that searched for no rate. */
export function searchSection(input: ReportInput): string {
  const rows = searchRows(input);
  if (rows.length === 0) return "";
  const footnoted = footnotes(input);
  const reasons = inconclusiveReasons({ rows: rows.map(({ row }) => row) });
  const head = ["profile", "sustains", "over the blocks", "the ports allow", "steps", "vs baseline", "verdict"];
  const table = markdownTable(
    head,
    "lrlrrll",
    rows.map((one) => cellsOf(one, footnoted)),
  );
  const notes = rows.flatMap(({ row, notes }) => notes.map((note) => `- ${escapeMarkdown(`${row.profile}: ${note}`)}`));
  return [
    "## Sustainable rate",
    table,
    `${escapeMarkdown(searchLegend(input))}${reasons.length === 0 ? "" : ` \`~\`: inconclusive (${reasons.map(escapeMarkdown).join("; ")}).`}`,
    ...(notes.length === 0 ? [] : [notes.join("\n")]),
    ...input.analysis.profiles.flatMap(profileSearches),
  ].join("\n\n");
}

function cellsOf({ row, found, spread, ceiling, steps }: SearchRow, footnoted: Footnote[]): string[] {
  return [markdownName(row, footnoted), found, spread ?? "", ceiling, steps, markdownRatio(row), markdownVerdict(row)];
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
