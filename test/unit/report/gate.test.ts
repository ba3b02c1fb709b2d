import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import test from "ava";
import { renderGateJunit } from "../../../harness/report/gate/junit.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import { gateReport } from "../../../harness/report/sections/gate.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import { gateSentence } from "../../../harness/report/words/gate-sentence.ts";
import { gates, hostileGate } from "../../helpers/gate-fixture.ts";
import { isGolden } from "../../helpers/golden.ts";

const fixture = (name: string) => join(import.meta.dirname, "../../fixtures/report", name);
const plain = { width: 80, color: false };

for (const [name, gate] of Object.entries(gates())) {
  test(`${name}: terminal, Markdown and JUnit`, (t) => {
    t.is(gate.decision, name as never, gateSentence(gate));
    isGolden(t, renderTerminal(gateReport(gate), plain), fixture(`gate-${name}.golden.txt`));
    isGolden(t, renderMarkdown(gateReport(gate)), fixture(`gate-${name}.golden.md`));
    isGolden(t, renderGateJunit(gate), fixture(`gate-${name}.golden.xml`));
  });

  for (const width of [40, 60, 80, 120]) {
    test(`${name}: no line is wider than ${width} columns`, (t) => {
      const text = renderTerminal(gateReport(gate), { width, color: false });
      t.deepEqual(
        text.split("\n").filter((line) => line.length > width),
        [],
      );
    });
  }
}

test("JUnit: a failure where the exit code is 1 and nowhere else", (t) => {
  const { regression, pass, inconclusive } = gates();
  const counts = (xml: string) => xml.match(/failures="\d+" errors="\d+" skipped="\d+"/)?.[0];
  t.is(counts(renderGateJunit(regression)), 'failures="1" errors="0" skipped="0"');
  t.is(counts(renderGateJunit(pass)), 'failures="0" errors="0" skipped="0"');
  t.is(counts(renderGateJunit(inconclusive)), 'failures="0" errors="0" skipped="4"');
  const kept = {
    ...regression,
    decision: "inconclusive" as const,
    obstacles: [{ code: "run-not-done" as const, runId: "1", ended: null }],
  };
  t.is(counts(renderGateJunit(kept)), 'failures="0" errors="0" skipped="4"');
});

test("colour is written only when asked for, and adds nothing else", (t) => {
  for (const gate of Object.values(gates())) {
    const colored = renderTerminal(gateReport(gate), { width: 80, color: true });
    t.true(colored.includes("\u001B["));
    t.is(stripVTControlCharacters(colored), renderTerminal(gateReport(gate), plain));
  }
});

test("text of unknown origin stays text in every format", (t) => {
  const gate = hostileGate();
  t.is(gate.decision, "inconclusive");
  t.notRegex(renderTerminal(gateReport(gate), plain), /[^\P{Cc}\n]|\p{Bidi_Control}/u);
  const markdown = renderMarkdown(gateReport(gate));
  t.notRegex(markdown, /<(?!\/?(?:details|summary)>)/);
  t.notRegex(markdown, /[^\\]`\*\*|[^\P{Cc}\n]/u);
  const cells = markdown.split("\n").filter((line) => line.startsWith("| "));
  t.deepEqual([...new Set(cells.map((line) => line.match(/(?<!\\)\|/g)?.length))], [11]);
  t.notRegex(renderGateJunit(gate), /[^\P{Cc}\n\t]|<img|<script/u);
});
