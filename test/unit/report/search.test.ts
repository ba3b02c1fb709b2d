import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import test from "ava";
import { analyze } from "../../../harness/analysis/analyze.ts";
import { renderHtml } from "../../../harness/report/html/html.ts";
import { searchPlot } from "../../../harness/report/html/search-plot.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import { chooseTrials, describeChoice } from "../../../harness/report/representative.ts";
import { runReport } from "../../../harness/report/run-report.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { isGolden } from "../../helpers/golden.ts";
import { searchReport } from "../../helpers/search-story.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/report");

test("a search at 80 columns: rates, the ports' ceiling, the steps of one search each", (t) => {
  isGolden(
    t,
    renderTerminal(runReport(searchReport()), { width: 80, color: false }),
    join(fixtures, "search.golden.txt"),
  );
});

for (const width of [60, 80]) {
  test(`no line of a search is wider than ${width} columns, with colour nothing else is written`, (t) => {
    const input = searchReport({ blocks: 6 });
    const plain = renderTerminal(runReport(input), { width, color: false });
    t.deepEqual(
      plain.split("\n").filter((line) => line.length > width),
      [],
    );
    const colored = renderTerminal(runReport(input), { width, color: true });
    t.is(stripVTControlCharacters(colored), plain);
  });
}

test("of a search the trial that ended it is drawn, and said to be", (t) => {
  const { trials } = searchReport({ blocks: 2, names: ["baseline", "spread"] });
  const chosen = chooseTrials(trials);
  t.deepEqual(
    chosen.map(({ search }) => search?.sustainableRatePerSecond),
    [367, 3200],
  );
  t.regex(describeChoice(chosen[0] as TrialRecord, trials), /which confirmed 367\/s: of 2 searches the nearest/);
});

test("a run that was ended within its searches says how many came to their end", (t) => {
  const { run, trials } = searchReport({ names: ["baseline", "reuse"] });
  const ended = { ...run, ended: { at: run.startedAt, reason: "interrupted" as const, why: [] } };
  const some = trials.slice(0, 9);
  const text = renderTerminal(runReport({ run: ended, analysis: analyze(ended, some), trials: some, series: [] }), {
    width: 80,
    color: false,
  });
  t.regex(text, /This run was interrupted: 1 of 2 searches came to their end\./);
  t.regex(text, /^reuse +- +- +0 +- +~$/m);
  t.regex(text, /reuse: no search came to its end\./);
});

test("Markdown of two blocks has every search, step by step", (t) => {
  isGolden(t, renderMarkdown(runReport(searchReport({ blocks: 2 }))), join(fixtures, "search.golden.md"));
});

test("the page draws every search: a mark for each step, the found rate and the ceiling as lines", (t) => {
  const input = searchReport({ blocks: 2 });
  const page = renderHtml(input);
  const searches = input.analysis.profiles.flatMap(({ search }) => search?.searches ?? []);
  t.is(page.match(/<svg class="search"/g)?.length, searches.length);
  const steps = searches.flatMap((search) => search.steps);
  const marks = page.match(/class="(kept|missed|generator)"/g) ?? [];
  t.is(marks.length, steps.length);
  t.is(page.match(/class="missed"/g)?.length, steps.filter(({ kept }) => !kept).length);
  t.is(page.match(/<line class="ceiling"/g)?.length, searches.length);
  t.true(page.includes("367/s sustained after 7 steps"));
  t.false(page.includes("Requests before the wall</th>"));
});

test("a search that found nothing, over one step, is drawn without a found rate", (t) => {
  const step = {
    ratePerSecond: 5,
    phase: "ramp",
    sequence: 1,
    kept: false,
    missed: [{ code: "cut-short" as const, stop: null }],
    generatorBound: true,
  };
  const search = { block: 1, sustainableRatePerSecond: null, lowerBound: false, caveats: [], steps: [step] } as const;
  const { text } = searchPlot({ ...search, caveats: [], steps: [{ ...step, phase: "ramp" }] }, null);
  t.true(text.includes('class="generator"'));
  t.notRegex(text, /NaN|Infinity|class="(found|ceiling)"/);
});
