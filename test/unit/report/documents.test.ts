import { join } from "node:path";
import test from "ava";
import { renderCsv } from "../../../harness/report/csv.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import { runReport } from "../../../harness/report/run-report.ts";
import { isGolden } from "../../helpers/golden.ts";
import { hostileReport } from "../../helpers/hostile-report.ts";
import { portExhaustionReport } from "../../helpers/report-fixture.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/report");

test("Markdown of ten blocks", (t) => {
  isGolden(t, renderMarkdown(runReport(portExhaustionReport({ blocks: 10 }))), join(fixtures, "ten-blocks.golden.md"));
});

test("CSV: one line for each profile and measure, plain numbers", (t) => {
  isGolden(t, renderCsv(portExhaustionReport({ blocks: 10 })), join(fixtures, "ten-blocks.golden.csv"));
});

test("Markdown takes no HTML, table cell or heading from a suite's text", (t) => {
  const markdown = renderMarkdown(runReport(hostileReport()));
  t.notRegex(markdown, /<(?!\/?sup>)/);
  t.notRegex(markdown, /[^\\]`\*\*/);
  const tables = markdown.split("\n\n").filter((block) => block.startsWith("| "));
  const cells = tables.map((table) => table.split("\n").map((line) => line.match(/(?<!\\)\|/g)?.length));
  t.true(tables.some((table) => table.includes("img")));
  t.true(
    cells.every((rows) => new Set(rows).size === 1),
    "each row has as many cells as its head",
  );
});

test("a cell that a spreadsheet would run as a formula is prefixed", (t) => {
  const input = portExhaustionReport();
  input.run.suite = "=1+1";
  for (const profile of input.analysis.profiles) profile.name = "@SUM(A1)";
  const csv = renderCsv(input);
  t.true(csv.includes(",'=1+1,'@SUM(A1),"));
  t.notRegex(csv, /,[=@]/);
});
