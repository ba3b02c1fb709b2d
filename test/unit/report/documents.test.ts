import { join } from "node:path";
import test from "ava";
import { renderCsv } from "../../../harness/report/csv.ts";
import { renderJunit } from "../../../harness/report/junit.ts";
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

test("JUnit: each profile a case that passed, wall or not", (t) => {
  isGolden(t, renderJunit(portExhaustionReport({ blocks: 1 })), join(fixtures, "one-block.golden.xml"));
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

test("JUnit: invalid trials fail their profile, no valid one is an error, a refusal is skipped", (t) => {
  const input = portExhaustionReport({ blocks: 2 });
  for (const trial of input.trials) {
    if (trial.profile === "baseline" && trial.block === 1)
      Object.assign(trial, { valid: false, invalidReason: { code: "part-lost" as const, words: "lost exports" } });
    if (trial.profile === "range")
      Object.assign(trial, { valid: false, invalidReason: { code: "part-lost" as const, words: "key did not take" } });
    if (trial.profile === "all") trial.outcome = "refused";
  }
  const all = input.analysis.profiles.find(({ name }) => name === "all");
  if (all !== undefined) all.refused = 2;
  const xml = renderJunit(input);
  t.true(xml.includes('tests="5" failures="1" errors="1" skipped="1"'));
  t.true(xml.includes('<failure message="1 of 2 trials are invalid: lost exports"/>'));
  t.true(xml.includes('<error message="no valid trial: key did not take"/>'));
  t.regex(xml, /<skipped message="refused by the platform/);
});

test("JUnit holds no character that XML forbids", (t) => {
  t.notRegex(renderJunit(hostileReport()), /[^\P{Cc}\n\t]|<img|<script/u);
});

test("JUnit: an invalid trial that was repeated with success is no failure", (t) => {
  const input = portExhaustionReport({ blocks: 2 });
  const first = input.trials.find(({ profile }) => profile === "range");
  if (first === undefined) throw new Error("the fixture has a range");
  input.trials.push({ ...first, sequence: 99, attempt: 2 });
  Object.assign(first, { valid: false, invalidReason: { code: "part-lost" as const, words: "lost exports" } });
  t.regex(renderJunit(input), /tests="5" failures="0" errors="0"/);
});
