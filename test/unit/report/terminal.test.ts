import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import test from "ava";
import { runReport } from "../../../harness/report/run-report.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import { isGolden } from "../../helpers/golden.ts";
import { hostileReport } from "../../helpers/hostile-report.ts";
import { portExhaustionReport } from "../../helpers/report-fixture.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/report");
const escapeSequence = "\u001B[";

test("one block at 80 columns: effect sizes, no significance", (t) => {
  const text = renderTerminal(runReport(portExhaustionReport({ blocks: 1 })), { width: 80, color: false });
  isGolden(t, text, join(fixtures, "one-block.golden.txt"));
});

test("ten blocks at 80 columns: intervals and verdicts", (t) => {
  const text = renderTerminal(runReport(portExhaustionReport({ blocks: 10 })), { width: 80, color: false });
  isGolden(t, text, join(fixtures, "ten-blocks.golden.txt"));
});

for (const width of [60, 80, 120]) {
  test(`no line is wider than ${width} columns`, (t) => {
    const text = renderTerminal(runReport(portExhaustionReport({ blocks: 10 })), { width, color: false });
    t.deepEqual(
      text.split("\n").filter((line) => line.length > width),
      [],
    );
  });
}

test("a narrow terminal says which columns it left out", (t) => {
  t.regex(
    renderTerminal(runReport(portExhaustionReport({ blocks: 10 })), { width: 70, color: false }),
    /Not\s+shown .*p99/s,
  );
});

test("colour is written only when asked for, and adds nothing else", (t) => {
  const input = portExhaustionReport({ blocks: 10 });
  const plain = renderTerminal(runReport(input), { width: 80, color: false });
  const colored = renderTerminal(runReport(input), { width: 80, color: true });
  t.false(plain.includes(escapeSequence));
  t.true(colored.includes(escapeSequence));
  t.is(stripVTControlCharacters(colored), plain);
});

test("text of unknown origin can't reach the terminal's control", (t) => {
  t.notRegex(renderTerminal(runReport(hostileReport()), { width: 80, color: false }), /[^\P{Cc}\n]|\p{Bidi_Control}/u);
});

test("a run that did not end says so before anything else is believed", (t) => {
  const input = portExhaustionReport();
  input.run.ended = { at: "2026-11-21T08:10:00.000Z", reason: "interrupted", why: [] };
  input.trials.pop();
  t.true(
    renderTerminal(runReport(input), { width: 80, color: false }).includes("was interrupted: 4 of 5 planned trials"),
  );
});
