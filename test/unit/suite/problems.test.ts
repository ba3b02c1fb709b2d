import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { anyText } from "../../helpers/any-text.ts";
import { isGolden } from "../../helpers/golden.ts";
import { misplacedValue } from "../../helpers/misplaced-values.ts";
import { suiteFiles, suiteText } from "../../helpers/suite-files.ts";
import { answers, mutatedSuite } from "../../helpers/suite-mutations.ts";

test("all faults of a suite are told at once, in order, with what is allowed", (t) => {
  const error = t.throws(() => parseSuite(suiteText("many-faults"), "many-faults.yaml"), { instanceOf: SuiteError });
  isGolden(t, `${error?.message}\n`, join(suiteFiles, "many-faults.golden.txt"));
});

test("valid suites changed in text and structure give suites that can be planned, or problems", (t) => {
  t.notThrows(() => fc.assert(fc.property(mutatedSuite, answers), { numRuns: 300 }));
});

test("any value at any place of a suite gives a suite or problems", (t) => {
  t.notThrows(() => fc.assert(fc.property(misplacedValue, answers), { numRuns: 120 }));
});

test("any text and any bytes give problems", (t) => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((raw) => Buffer.from(raw).toString("latin1"));
  const text = anyText({ maxLength: 200 });
  t.notThrows(() => fc.assert(fc.property(fc.oneof(bytes, text), answers), { numRuns: 400 }));
});

test("texts made to overwhelm a parser give problems", (t) => {
  const nine = (name: string) => Array.from({ length: 9 }, () => `*${name}`).join(",");
  const bomb = [
    "a: &a [x]",
    ...["b", "c", "d", "e", "f", "g", "h"].map((name, i) => `${name}: &${name} [${nine("abcdefg"[i] ?? "a")}]`),
  ];
  for (const hostile of [
    bomb.join("\n"),
    "[".repeat(50_000),
    "a: &a [*a]",
    "- ".repeat(20_000),
    "x".repeat(300_000),
    "{a: ".repeat(9_000),
  ]) {
    t.true(answers(hostile));
    t.throws(() => parseSuite(hostile, "s"), { instanceOf: SuiteError });
  }
});
