import test from "ava";
import fc from "fast-check";
import { caveatSentence, caveatSentences } from "../../../../harness/report/words/caveats.ts";
import { type Caveat, caveatShape } from "../../../../harness/results/caveats.ts";
import { caveatExamples } from "../../../helpers/caveat-examples.ts";
import { treeFile } from "../../../helpers/cli.ts";
import { isGolden } from "../../../helpers/golden.ts";
import { valuesOf } from "../../../helpers/shape-arbitrary.ts";

/** Every code that records may have, whatever TypeScript was told. */
const codes = caveatShape.options.flatMap(({ shape }) => [...shape.code.values]);

test("what a caveat of each code says", (t) => {
  t.deepEqual(Object.keys(caveatExamples).toSorted(), codes.toSorted());
  const examples = Object.entries(caveatExamples).map(([code, fields]) => caveatShape.parse({ code, ...fields }));
  const lines = examples.map((caveat) => `${caveat.code}: ${caveatSentence(caveat)}\n`);
  isGolden(t, lines.join(""), treeFile("test/fixtures/report/caveats.golden.txt"));
});

test("whatever its fields hold, a caveat says something, and nothing that is no word", (t) => {
  for (const option of caveatShape.options) {
    const holds = fc.property(valuesOf(option), (value) => {
      const caveat: Caveat = caveatShape.parse(value);
      return !/undefined|NaN|\[object|^$/.test(caveatSentence({ ...caveat, ...filled(caveat) }));
    });
    fc.assert(holds, { numRuns: 50 });
  }
  t.pass();
});

/** A sentence that is a text of another's alone may be empty where that is. */
function filled(caveat: Caveat) {
  return caveat.code === "unreadable-trial" ? { words: "x" } : {};
}

test("how many trials raised it stands behind, and whose they are before it", (t) => {
  const raised = (trials: number, of: number, profile: string | null) =>
    caveatSentence({ code: "relay", role: "db", raisedIn: { trials, of, profile } });
  const sentence = caveatSentence({ code: "relay", role: "db" });
  t.is(raised(4, 4, null), `${sentence} (all 4 trials)`);
  t.is(raised(1, 4, "reuse"), `reuse: ${sentence} (1 of 4 trials)`);
  t.is(raised(1, 1, null), sentence);
});

test("two that differ in digits that no sentence shows are printed once", (t) => {
  const coarse = (resolutionRatio: number): Caveat => ({ code: "coarse-histogram", resolutionRatio });
  t.is(caveatSentences([coarse(0.1181), coarse(0.1182)]).length, 1);
  t.is(caveatSentences([coarse(0.11), coarse(0.12)]).length, 2);
});
