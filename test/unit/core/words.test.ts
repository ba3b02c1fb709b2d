import test from "ava";
import fc from "fast-check";
import { counted, listWords, wrap } from "../../../harness/core/words.ts";

test("lists and counts", (t) => {
  t.deepEqual(
    [[], ["a"], ["a", "b"], ["a", "b", "c"]].map((items) => listWords(items)),
    ["", "a", "a and b", "a, b and c"],
  );
  t.is(listWords(["a", "b", "c"], "or"), "a, b or c");
  t.is(counted(1, "trial"), "1 trial");
  t.is(counted(1200, "search", "searches"), "1,200 searches");
});

test("wrapped lines keep every word and the width", (t) => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,30}$/)), fc.integer({ min: 10, max: 60 }), (words, width) => {
      const lines = wrap(words.join(" "), width, "  ");
      t.true(lines.every((line) => line.length <= width));
      t.is(lines.join("").replaceAll(" ", ""), words.join(""));
    }),
  );
});
