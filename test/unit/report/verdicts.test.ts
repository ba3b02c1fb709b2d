import { join } from "node:path";
import test from "ava";
import { renderCsv } from "../../../harness/report/csv.ts";
import { renderHtml } from "../../../harness/report/html/html.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import { runReport } from "../../../harness/report/run-report.ts";
import { comparisonTable } from "../../../harness/report/sections/comparison-table.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import { isGolden } from "../../helpers/golden.ts";
import { calibrationReport, factorReport } from "../../helpers/judged-reports.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/report");

test("factors at 80 columns: who explains the gain, every verdict with its noise, the recheck", (t) => {
  const text = renderTerminal(runReport(factorReport()), { width: 80, color: false });
  isGolden(t, text, join(fixtures, "factors.golden.txt"));
  t.deepEqual(
    text.split("\n").filter((line) => line.length > 80),
    [],
  );
});

test("factors in Markdown", (t) => {
  isGolden(t, renderMarkdown(runReport(factorReport())), join(fixtures, "factors.golden.md"));
});

test("a calibration at 80 columns: what runs of different sizes can tell", (t) => {
  isGolden(
    t,
    renderTerminal(runReport(calibrationReport()), { width: 80, color: false }),
    join(fixtures, "calibration.golden.txt"),
  );
  t.regex(renderMarkdown(runReport(calibrationReport())), /### Calibration\n\n\| measure \| blocks \|/);
});

test("the table's columns are what is judged, and the wall where one was met", (t) => {
  const input = factorReport();
  t.deepEqual(
    comparisonTable(input.analysis).columns.map(({ title }) => title),
    ["throughput", "p90", "failed"],
  );
  for (const profile of input.analysis.profiles) profile.broke = 1;
  t.is(comparisonTable(input.analysis).columns[0]?.measure, "requestsBeforeWall");
});

test("CSV carries the noise and the recheck", (t) => {
  const input = factorReport();
  const csv = renderCsv(input).split("\n");
  const line = csv.find((one) => one.includes('"reuse=1,somaxconn=128",sustainedPerSecond')) ?? "";
  t.regex(line, /,better,,0\.0\d+,0\.0\d+,20261120T101500Z-two-factors-77aa,1\.\d+,,,3$/);
});

test("HTML has the same: verdicts, conclusions, recheck, calibration", (t) => {
  const page = renderHtml(factorReport());
  for (const part of [
    "Verdicts",
    "reuse alone explains the gain",
    "In the confirmation run of 3 fresh blocks",
    "This run is done: after 12 of at most 20 blocks",
  ])
    t.true(page.includes(part), part);
  t.regex(renderHtml(calibrationReport()), /<h2 id="calibration">/);
});
