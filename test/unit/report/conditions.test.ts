import { join } from "node:path";
import test from "ava";
import { renderCsv } from "../../../harness/report/csv.ts";
import { renderHtml } from "../../../harness/report/html/html.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import { runReport } from "../../../harness/report/run-report.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import { conditionsOf } from "../../../harness/results/goals-of.ts";
import { conditionsReport } from "../../helpers/conditions-report.ts";
import { isGolden } from "../../helpers/golden.ts";
import { portExhaustionReport } from "../../helpers/report-fixture.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/report");
const input = conditionsReport();

test("on a terminal of 80 columns, all columns that matter", (t) => {
  const text = renderTerminal(runReport(input), { width: 80, color: false });
  t.true(text.split("\n").every((line) => line.length <= 80));
  isGolden(t, text, join(fixtures, "conditions.golden.txt"));
});

test("in Markdown: every goal with its number, and the sizing", (t) => {
  isGolden(t, renderMarkdown(runReport(input)), join(fixtures, "conditions.golden.md"));
});

test("in CSV: a line for each number, in how many blocks a goal was kept, and the sizing", (t) => {
  const rows = renderCsv(input).split("\n");
  const width = rows[0]?.split(",").length;
  const failure = rows.filter((row) => row.includes(",baseline,conditions.failure."));
  t.true(failure.some((row) => row.includes("conditions.failure.faultRatio,,0.1,0.04,0.11,3")));
  t.true(failure.some((row) => row.includes("conditions.failure.goals.faultRatio <= 0.05.kept,,1,1,1,")));
  t.true(rows.some((row) => row.includes(",patient,sizing.cpuLimitCores.value,,0.375,0.375,0.375,")));
  t.true(failure.every((row) => row.split(",").length === width));
});

test("on the page: conditions, goals side by side, what was done, use and sizing", (t) => {
  const page = renderHtml(input);
  for (const text of [
    "1000m is a core",
    "failure, after 2 s: copy 2 of target is killed, and started again 1 s later",
    "missed in 2 of 3",
    "target, all copies",
    "<small>in normal</small>",
  ]) {
    t.true(page.includes(text), text);
  }
});

test("a run whose load is one has none of it", (t) => {
  const plain = portExhaustionReport();
  t.false(renderHtml(plain).includes('id="conditions"'));
  t.false(renderMarkdown(runReport(plain)).includes("### Sizing"));
  t.false(renderCsv(plain).includes("sizing."));
});

test("names of conditions are text", (t) => {
  const hostile = "<script>alert(1)</script>";
  const named = {
    ...input,
    run: {
      ...input.run,
      experiment: {
        kind: "conditions" as const,
        conditions: conditionsOf(input.run.experiment).map((one) => ({ ...one, name: hostile })),
      },
    },
    analysis: {
      ...input.analysis,
      conditions: input.analysis.conditions.map((one) => ({ ...one, condition: hostile })),
    },
  };
  t.false(renderHtml(named).includes(hostile));
  t.false(renderMarkdown(runReport(named)).includes(hostile));
});
