import { join } from "node:path";
import test from "ava";
import { renderCsv } from "../../../harness/report/csv.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import { isGolden } from "../../helpers/golden.ts";
import { hostileReport } from "../../helpers/hostile-report.ts";
import { portExhaustionReport } from "../../helpers/report-fixture.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/report");

test("Markdown of ten blocks", (t) => {
  isGolden(t, renderMarkdown(portExhaustionReport({ blocks: 10 })), join(fixtures, "ten-blocks.golden.md"));
});

test("CSV: one line for each profile and measure, plain numbers", (t) => {
  isGolden(t, renderCsv(portExhaustionReport({ blocks: 10 })), join(fixtures, "ten-blocks.golden.csv"));
});

test("Markdown takes no HTML, table cell or heading from a suite's text", (t) => {
  const markdown = renderMarkdown(hostileReport());
  t.notRegex(markdown, /<(?!\/?sup>)/);
  t.notRegex(markdown, /[^\\]`\*\*/);
  const cells = markdown.split("\n").filter((line) => line.startsWith("| ") && line.includes("img"));
  t.deepEqual(
    cells.map((line) => line.match(/(?<!\\)\|/g)?.length),
    cells.map((line) => (line.includes("scan") ? 6 : line.includes("none") ? 6 : 8)),
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
