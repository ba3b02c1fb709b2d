import test from "ava";
import { analyze } from "../../../harness/analysis/analyze.ts";
import { renderCsv } from "../../../harness/report/csv.ts";
import { renderHtml } from "../../../harness/report/html/html.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import { runReport } from "../../../harness/report/run-report.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import type { ScriptCounts } from "../../../harness/results/script-counts.ts";
import { portExhaustionReport } from "../../helpers/report-fixture.ts";

const times = (ms: number, count: number) => ({
  ...{ scale: 0, zeroCount: 0, offset: Math.ceil(Math.log2(ms)) - 1, counts: [count] },
  ...{ count, sum: count * ms, min: ms, max: ms },
});

const script: ScriptCounts = {
  checks: [
    { name: "is <b>red</b>", passed: 4000, failed: 12 },
    { name: "is 200", passed: 4012, failed: 0 },
  ],
  endpoints: [
    { name: "=login", requests: 12, failed: 12, latencyMs: null },
    { name: "home", requests: 4000, failed: 0, latencyMs: times(8, 4000) },
  ],
  metrics: [
    { kind: "counter", name: "orders", sum: 7 },
    { kind: "rate", name: "hits", hits: 1, of: 4 },
    { kind: "gauge", name: "size", value: 3 },
    { kind: "trend", name: "wait", unit: "ms", values: times(16, 10) },
  ],
};

function reportWith(counts: ScriptCounts) {
  const input = portExhaustionReport({ blocks: 2 });
  for (const trial of input.trials) if (trial.profile === "reuse") trial.script = counts;
  return { ...input, analysis: analyze(input.run, input.trials) };
}

test("checks, endpoints and the script's own metrics, over the measured trials of a profile", (t) => {
  const text = renderTerminal(runReport(reportWith(script)), { width: 100, color: false });
  for (const line of [
    /^reuse +is 200 +8,024 +0$/m,
    /^ +is <b>red<\/b> +8,000 +24$/m,
    /^reuse +=login +24 +24 +- +-$/m,
    /^ +home +8,000 +0 +8 ms +8 ms$/m,
    /^reuse +script\.hits +rate +25% +- +-$/m,
    /^ +script\.orders +counter +14 +- +-$/m,
    /^ +script\.size +gauge +3 +- +-$/m,
    /^ +script\.wait +trend \(mean\) +16 ms +16 ms +16 ms$/m,
  ])
    t.regex(text, line);
  t.false(
    renderTerminal(runReport(portExhaustionReport()), { width: 100, color: false }).includes("What the script counts"),
  );
});

test("in summary.csv each stands by its path, and no name is a formula or markup", async (t) => {
  const input = reportWith({ ...script, endpoints: [{ name: "@x", requests: 1, failed: 0, latencyMs: null }] });
  const csv = renderCsv(input);
  t.true(csv.includes(",reuse,script.orders,,14,14,14,"));
  t.true(csv.includes(",reuse,script.hits,,0.25,0.25,0.25,"));
  t.true(csv.includes(",reuse,script.wait.p99,,16,16,16,"));
  t.true(csv.includes(",reuse,script.endpoints.@x.requests,,2,2,2,"));
  t.false((await renderHtml(input)).includes("is <b>red"));
});

test("fifty endpoints of each profile are for documents", (t) => {
  const endpoints = Array.from({ length: 50 }, (_, i) => ({ name: `e${i}`, requests: 1, failed: 0, latencyMs: null }));
  const input = reportWith({ ...script, endpoints });
  t.false(renderTerminal(runReport(input), { width: 100, color: false }).includes("What the script counts"));
  t.true(renderMarkdown(runReport(input)).includes("| e49 |"));
});
