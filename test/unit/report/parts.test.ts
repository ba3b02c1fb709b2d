import test from "ava";
import fc from "fast-check";
import { printable } from "../../../harness/core/text.ts";
import { wrap } from "../../../harness/core/words.ts";
import { escapeMarkdown } from "../../../harness/report/markdown.ts";
import { formatComparison, formatSummary } from "../../../harness/report/measures.ts";
import { chooseTrials, describeChoice } from "../../../harness/report/representative.ts";
import { runReport } from "../../../harness/report/run-report.ts";
import { footnotes } from "../../../harness/report/sections/caveats.ts";
import { comparisonTable } from "../../../harness/report/sections/comparison-table.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import { layOutTable } from "../../../harness/report/text-table.ts";
import { anyText } from "../../helpers/any-text.ts";
import { conditionsReport } from "../../helpers/conditions-report.ts";
import { calibrationReport, factorReport } from "../../helpers/judged-reports.ts";
import { portExhaustionReport } from "../../helpers/report-fixture.ts";
import { searchReport } from "../../helpers/search-story.ts";
import { exhaustedTrial, trialRecord } from "../../helpers/trial-builder.ts";

test("a summary says so where its median is a lower bound, however few of its values are", (t) => {
  const summary = { median: 150_000, low: 150_000, high: 150_000, n: 6 };
  t.is(formatSummary("requestsBeforeWall", { ...summary, censored: 2, medianIsBound: true }), ">= 150,000");
  t.is(formatSummary("requestsBeforeWall", { ...summary, censored: 2, medianIsBound: false }), "150,000");
  t.is(formatSummary("requestsBeforeWall", undefined), "-");
});

test("a ratio shows its interval, or how few blocks it has", (t) => {
  const comparison = { ratio: 2.1, low: 1.95, high: 2.3, bound: null, n: 8 } as const;
  t.is(formatComparison(comparison), "2.10x (1.95 to 2.30)");
  t.is(formatComparison({ ...comparison, low: null, high: null, n: 1, bound: "atLeast" }), ">= 2.10x n=1");
  t.is(formatComparison({ ...comparison, high: null, bound: "atLeast" }), ">= 2.10x (from 1.95)");
  t.is(formatComparison({ ...comparison, low: null, bound: "atMost" }), "<= 2.10x (up to 2.30)");
  t.is(formatComparison({ ...comparison, ratio: null }), "-");
});

test("the trial that is drawn is the valid one nearest the median", (t) => {
  const trials = [28_232, 20_000, 28_000, 27_000].map((requestsBeforeWall, index) =>
    exhaustedTrial({ sequence: index + 1, block: index + 1, measures: { requestsBeforeWall } }),
  );
  const invalid = exhaustedTrial({ sequence: 5, valid: false, measures: { requestsBeforeWall: 27_500 } });
  const [chosen] = chooseTrials([...trials, invalid]);
  t.is(chosen?.sequence, 3);
  t.regex(describeChoice(chosen ?? invalid, trials), /^trial 3 .*of 4 valid trials the nearest to the median .*27,500/);
});

test("where nothing broke the rate chooses; without a valid trial nothing is drawn", (t) => {
  const trials = [2900, 2990, 2950].map((sustainedPerSecond, index) =>
    trialRecord({ sequence: index + 1, profile: "reuse", measures: { sustainedPerSecond } }),
  );
  const failed = trialRecord({ sequence: 4, profile: "range", outcome: "failed" });
  const invalid = trialRecord({ sequence: 5, profile: "all", valid: false, outcome: "failed" });
  t.deepEqual(
    chooseTrials([...trials, failed, invalid]).map(({ sequence }) => sequence),
    [3],
  );
});

test("where the walls give no ratio, the table compares the sustained rate", (t) => {
  const { analysis } = portExhaustionReport({ blocks: 10 });
  const comparison = analysis.profiles[1]?.versusBaseline.requestsBeforeWall;
  if (comparison === undefined) throw new Error("the fixture compares requests before the wall");
  for (const profile of analysis.profiles.slice(1))
    profile.versusBaseline = { sustainedPerSecond: { ...comparison, ratio: 1.01, bound: null } };
  t.is(comparisonTable(analysis).measure, "sustainedPerSecond");
});

test("a caveat that several profiles share is one footnote, after those of the whole run", (t) => {
  const input = portExhaustionReport();
  input.analysis.caveats = [{ code: "unreadable-trial", words: "unreadable" }];
  for (const profile of input.analysis.profiles.slice(0, 2))
    profile.caveats = [{ code: "ended-after-stop", role: "a" }];
  const sentence = "a ended after the load's stop";
  t.deepEqual(footnotes(input), [
    { number: 1, code: "unreadable-trial", sentence: "unreadable", profiles: [] },
    { number: 2, code: "ended-after-stop", sentence, profiles: ["baseline", "reuse"] },
  ]);
  const text = renderTerminal(runReport(input), { width: 80, color: false });
  t.true(text.includes("baseline [2] ") && text.includes("reuse [2] ") && text.includes(`  [2] ${sentence}`));
});

test("a table that is too wide drops columns by their order, never the ones that must stay", (t) => {
  const columns = [
    { title: "name", align: "left" as const, dropOrder: null },
    { title: "first to go", align: "left" as const, dropOrder: 2 },
    { title: "second", align: "right" as const, dropOrder: 1 },
  ];
  const { lines, leftOut } = layOutTable(columns, [["a", "b", "c"]], 12);
  t.deepEqual(leftOut, ["first to go"]);
  t.deepEqual(lines, ["name second", "---- ------", "a         c"]);
});

test("a row that is too wide is folded between the same columns as every other", (t) => {
  const columns = ["name", "ratio", "noise", ""].map((title) => ({ title, align: "left" as const, dropOrder: null }));
  const { lines } = layOutTable(columns, [["a", "1.00x (0.98 to 1.02)", "1%", "same"], ["long row"]], 26);
  t.deepEqual(lines, [
    "name ratio\n  noise",
    "---- --------------------\n  -----",
    "a    1.00x (0.98 to 1.02)\n  1%    same",
    "long row",
  ]);
});

test("signs of two columns are counted as two, and paint as none", (t) => {
  const columns = ["name", "n"].map((title) => ({ title, align: "left" as const, dropOrder: null }));
  const { lines } = layOutTable(
    columns,
    [
      ["日本語", "1"],
      [`\u001B[31mred\u001B[39m`, "2"],
    ],
    40,
  );
  t.deepEqual(lines, ["name    n", "------  -", "日本語  1", "\u001B[31mred\u001B[39m     2"]);
  t.deepEqual(wrap("日本語日本語", 6), ["日本語", "日本語"]);
  t.deepEqual(layOutTable(columns, [["日本語日本語"]], 8).lines.at(-1), "日本...");
});

test("no table is wider than the narrowest terminal", (t) => {
  for (const input of [
    portExhaustionReport({ blocks: 10 }),
    factorReport(),
    calibrationReport(),
    conditionsReport(),
    searchReport({ blocks: 2 }),
  ]) {
    const lines = renderTerminal(runReport(input), { width: 40, color: false }).split("\n");
    t.deepEqual(
      lines.filter((line) => line.length > 40),
      [],
    );
  }
});

test("nothing that is printed is a command to a CI", (t) => {
  const attack = "said: ::error file=a.ts::told ::stop-commands::token ::ADD-MASK::y ##[error]z ##vso[task.x]w";
  t.is(
    printable(attack),
    "said: : :error file=a.ts: :told : :stop-commands: :token : :ADD-MASK: :y ## [error]z ##vso [task.x]w",
  );
  t.is(
    printable("[::1]:80 fe80::dead:1 ::ffff:10.0.0.1 2001:db8::a b"),
    "[::1]:80 fe80::dead:1 ::ffff:10.0.0.1 2001:db8::a b",
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[:#e[\]r :-]{0,40}$/), fc.integer({ min: 40, max: 80 }), (text, width) => {
      const lines = wrap(printable(`${"x".repeat(width - 2)}${text} ::error ::y`), width);
      t.deepEqual(
        lines.filter((line) => /^\s*::(?![0-9a-f]{1,4}(?![\w-]))[a-z-]|##\[/i.test(line)),
        [],
      );
    }),
  );
});

test("Markdown makes no mention, address, reference or formula of text", (t) => {
  t.is(
    escapeMarkdown("@org/team see https://x.y, www.x.y or a@b.c in #12"),
    "@&#8203;org/team see https:&#8203;//x.y, www&#8203;.x.y or a@&#8203;b.c in \\#&#8203;12",
  );
  t.is(escapeMarkdown("$x$ costs 1:2"), "<span>$</span>x<span>$</span> costs 1:2");
});

test("printable text is one line without control characters", (t) => {
  fc.assert(
    fc.property(anyText(), (text) => {
      t.notRegex(printable(text), /[\p{Cc}\p{Bidi_Control}\p{Cs}]/u);
    }),
  );
});
