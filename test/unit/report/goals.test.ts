import test from "ava";
import { analyze } from "../../../harness/analysis/analyze.ts";
import { judgeGoals } from "../../../harness/detect/goals.ts";
import { renderCsv } from "../../../harness/report/csv.ts";
import { renderHtml } from "../../../harness/report/html/html.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import type { ReportInput } from "../../../harness/report/report-input.ts";
import { runReport } from "../../../harness/report/run-report.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import type { Goal } from "../../../harness/results/goals.ts";
import { portExhaustionReport } from "../../helpers/report-fixture.ts";
import { searchReport } from "../../helpers/search-story.ts";

/** The story with goals of its own: one that a block misses, one that cannot be judged in one profile. */
function withGoals(): ReportInput {
  const input = portExhaustionReport({ blocks: 3 });
  const goals: Goal[] = [
    { measure: "latencyMs.p99", comparison: "<=", limit: 1.515 },
    { measure: "sustainedPerSecond", comparison: ">=", limit: 2500 },
  ];
  input.run.experiment = { kind: "fixed", goals };
  for (const trial of input.trials) {
    if (trial.profile === "backlog") trial.measures.latencyMs = null;
    trial.goals = judgeGoals(goals, trial.measures);
  }
  return { ...input, analysis: analyze(input.run, input.trials) };
}

test("each profile's goals: what was measured, kept or missed in how many blocks", (t) => {
  const text = renderTerminal(runReport(withGoals()), { width: 80, color: false });
  const lines = text.split("\n");
  t.true(lines.includes("baseline  p99 latency <= 1.515 ms   1.51 ms  missed in 1 of 3"));
  t.true(lines.includes("          throughput >= 2,500/s       645/s  missed"));
  t.true(lines.includes("reuse     p99 latency <= 1.515 ms   1.51 ms  missed in 1 of 3"));
  t.true(lines.includes("          throughput >= 2,500/s     2,977/s  kept"));
  t.true(lines.includes("backlog   p99 latency <= 1.515 ms         -  not judged"));
  t.deepEqual(
    lines.filter((line) => line.length > 80),
    [],
  );
});

test("CSV has a line for each goal, and what the ports allow beside a search's rate", (t) => {
  const csv = renderCsv(withGoals());
  t.regex(csv, /,reuse,goals\.latencyMs\.p99 <= 1\.515\.kept,,2,2,2,/);
  t.regex(csv, /,reuse,goals\.latencyMs\.p99 <= 1\.515\.missed,,1,1,1,/);
  t.regex(renderCsv(searchReport()), /,baseline,search\.ceilingPerSecond,,66\.6/);
});

test("the goals stand in Markdown and on the page, and nowhere without any", (t) => {
  const input = withGoals();
  t.true(renderMarkdown(runReport(input)).includes("| reuse | throughput &gt;= 2,500/s | 2,977/s | kept |"));
  t.regex(renderHtml(input), /<h2 id="goals">Goals<\/h2>[\s\S]*not judged/);
  const plain = portExhaustionReport();
  t.false(renderMarkdown(runReport(plain)).includes("### Goals"));
  t.false(renderHtml(plain).includes('id="goals"'));
});
