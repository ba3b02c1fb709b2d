/** A folder of runs: the list and the index. */
import test from "ava";
import fc from "fast-check";
import { analyze } from "../../../harness/analysis/analyze.ts";
import { trendsOf } from "../../../harness/analysis/trends.ts";
import { renderPage } from "../../../harness/report/html/html.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import { listedRun, listedRunsText } from "../../../harness/report/runs/listed-run.ts";
import { runsReport } from "../../../harness/report/runs/runs-report.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import { anyText } from "../../helpers/any-text.ts";
import { playedFind, portsRunOut } from "../../helpers/find-report.ts";
import { analysed, runOnDay } from "../../helpers/runs-in-time.ts";

const runs = [runOnDay(1, "6.1.0"), runOnDay(2, "6.1.0"), runOnDay(3, "6.18.4")].map(analysed);
const broken = { id: "20261104T080225Z-<b>-3f9a", folder: "/r", unreadable: "run.json: damaged record (empty)" };

function indexOf(of = runs) {
  return { runs: [...of.map((one) => listedRun(one, `/r/${one.run.id}`, false)), broken], trends: trendsOf(of) };
}

test("the list: how far each run came, what it says, and what can't be read", (t) => {
  const [first] = runs;
  if (first === undefined) throw new Error("there are runs");
  const cutOff = { ...first, run: { ...first.run, ended: null }, trials: first.trials.slice(0, 3) };
  const listed = [listedRun(cutOff, "/r/a", false), listedRun(cutOff, "/r/a", true), ...indexOf().runs];
  t.deepEqual(
    listed.map((run) => ("state" in run ? [run.state, run.measured, run.planned] : run.unreadable)).slice(0, 3),
    [
      ["cut off", 3, 6],
      ["running", 3, 6],
      ["done", 6, 6],
    ],
  );
  const text = listedRunsText(listed, 80);
  t.true(text.includes("20261101T080225Z-keep-alive-3f9a\n  cut off, 3 of 6 trials\n"));
  t.true(text.includes("  can't be read: run.json: damaged record (empty)\n"));
  for (const line of text.split("\n")) t.true(line.length <= 80, line);
  const none = listedRun({ ...cutOff, trials: [] }, "/r/a", false);
  t.is(none.verdict, null);
  t.true(listedRunsText([none], 80).includes("no trial yet"));
});

test("a find plans as it goes: how many trials it has", (t) => {
  const { run, trials } = playedFind(portsRunOut);
  const found = listedRun({ run, trials, analysis: analyze(run, trials) }, "/r", false);
  t.like(found, { measured: trials.length, planned: null });
  t.true(listedRunsText([found], 80).includes(`, ${trials.length} trials\n`));
});

test("the page: a link to each run's report, a chart of each measure with every run, a line at each change", (t) => {
  const page = renderPage(runsReport(indexOf()));
  for (const { run } of runs) t.true(page.includes(`<a href="${run.id}/report.html">`));
  const charts = page.split('<svg class="trend').slice(1);
  t.is(charts.length, 3 * 3, "profiles times judged measures");
  for (const chart of charts) {
    const svg = chart.slice(0, chart.indexOf("</svg>"));
    t.is(svg.split("<circle").length - 1, 3);
    t.deepEqual(
      [...svg.matchAll(/<text class="machine"[^>]*>([^<]+)/g)].map(([, words]) => words),
      ["kernel"],
    );
    t.notRegex(svg, /NaN|Infinity|undefined/);
  }
  t.true(page.includes("kernel: 6.1.0 to 6.18.4"));
  t.true(page.includes("20261104T080225Z-&lt;b&gt;-3f9a can&#39;t be read"));
});

test("one run has no trend: its answer, and no chart", (t) => {
  const page = renderPage(runsReport(indexOf(runs.slice(0, 1))));
  t.false(page.includes('<svg class="trend'));
  t.true(page.includes("1 run of 1 suite"));
});

test("terminal and Markdown have the numbers of every run", (t) => {
  const report = runsReport(indexOf());
  for (const text of [renderTerminal(report, { width: 100, color: false }), renderMarkdown(report)]) {
    for (const day of ["2026-11-01 08:02", "2026-11-02 08:02", "2026-11-03 08:02"]) t.true(text.includes(day), text);
    t.true(text.includes("kernel"));
  }
});

test("names of any text lead nowhere else and stay text", (t) => {
  fc.assert(
    fc.property(anyText(), (name) => {
      const id = `20261101T080225Z-${name}-3f9a`;
      const named = runs.slice(0, 2).map((one) => ({ ...one, run: { ...one.run, suite: name, id } }));
      const page = renderPage(
        runsReport({ ...indexOf([]), runs: named.map((one) => listedRun(one, "/r", false)), trends: trendsOf(named) }),
      );
      const body = page.slice(page.indexOf("<main>"), page.indexOf("</main>"));
      const hrefs = [...body.matchAll(/href="([^"]*)"/g)].map(([, href = ""]) => href.replaceAll("&#39;", "'"));
      for (const href of hrefs) t.regex(href, /^(#suite-1|20261101T080225Z-[^/?#:]*-3f9a\/report\.html)$/);
      t.notRegex(body.replaceAll(/<\/?[a-z][a-z0-9]*( [a-z0-9-]+="[^"<>]*")*( ?\/)?>/gi, ""), /[<>]/);
    }),
    { numRuns: 30 },
  );
});
