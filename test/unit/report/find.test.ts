import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import test from "ava";
import { renderHtml } from "../../../harness/report/html/html.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import { runReport } from "../../../harness/report/run-report.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import { findRecord, findReport, portsRunOut } from "../../helpers/find-report.ts";
import { isGolden } from "../../helpers/golden.ts";
import { exhaustedTrial, type TrialOverrides, trialRecord } from "../../helpers/trial-builder.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/report");

test("a find at 80 columns: what to set, what it gains, the way there", (t) => {
  isGolden(t, renderTerminal(runReport(findReport()), { width: 80, color: false }), join(fixtures, "find.golden.txt"));
});

test("a find as Markdown", (t) => {
  isGolden(t, renderMarkdown(runReport(findReport())), join(fixtures, "find.golden.md"));
});

for (const width of [60, 80]) {
  test(`no line of a find is wider than ${width} columns, with colour nothing else is written`, (t) => {
    const plain = renderTerminal(runReport(findReport()), { width, color: false });
    t.deepEqual(
      plain.split("\n").filter((line) => line.length > width),
      [],
    );
    const colored = renderTerminal(runReport(findReport()), { width, color: true });
    t.is(stripVTControlCharacters(colored), plain);
  });
}

test("the steps of a find are drawn down its page, each of its trials once", (t) => {
  const input = findReport();
  const page = renderHtml(input);
  const [picture = ""] = /<svg class="find-path"[\s\S]*?<\/svg>/.exec(page) ?? [];
  t.is(picture.match(/class="way /g)?.length, input.trials.length);
  t.is(picture.match(/class="step"/g)?.length, input.analysis.found?.path.length);
});

test("what no setting cures, and a service in which nothing binds, are said in the first sentence", (t) => {
  const never = findReport((_, overrides) => exhaustedTrial(overrides));
  t.regex(runReport(never).headline, /^No setting helps/);
  const slow: TrialOverrides = { outcome: "saturated", stoppedBy: null };
  const stillSlow = findReport(({ arm }, overrides) =>
    arm.target["net.ipv4.tcp_tw_reuse"] === "1" ? trialRecord({ ...overrides, ...slow }) : exhaustedTrial(overrides),
  );
  t.regex(runReport(stillSlow).lead[0] ?? "", /^(With it the service could not keep up|What binds now)/);
  const healthy = findReport((_, overrides) => trialRecord(overrides));
  t.regex(runReport(healthy).headline, /^No setting (helps|was seen to help)/);
});

test("a find that was ended says what is known and that it is not confirmed", (t) => {
  const input = findReport(portsRunOut, findRecord(), 4);
  const { headline, notices } = runReport(input);
  t.is(
    headline,
    "net.ipv4.tcp_tw_reuse=1 helped where it was tried, which is not confirmed: fresh blocks are still to come.",
  );
  t.is(notices.length, 1);
  const short = findReport(portsRunOut, findRecord({ budgetMs: 180_000 }));
  t.regex(runReport(short).headline, /the budget ended before/);
});
