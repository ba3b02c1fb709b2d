import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { stringify } from "yaml";
import { ExpectedError } from "../../../harness/errors.ts";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { isGolden } from "../../helpers/golden.ts";
import { suiteFiles, suiteText } from "../../helpers/suite-files.ts";

const valid = ["ports", "everything", "factors"];

test("all faults of a suite are told at once, in order, with what is allowed", (t) => {
  const error = t.throws(() => parseSuite(suiteText("many-faults"), "many-faults.yaml"), { instanceOf: SuiteError });
  isGolden(t, `${error?.message}\n`, join(suiteFiles, "many-faults.golden.txt"));
});

/** Whatever the text: a suite, or a SuiteError whose problems stand somewhere and show no control characters. */
function answers(text: string): boolean {
  try {
    parseSuite(text, "s.yaml");
    return true;
  } catch (error) {
    if (!(error instanceof SuiteError && error instanceof ExpectedError)) throw error;
    const placed = error.problems.every(({ line, column }) => line >= 1 && column >= 1);
    return error.problems.length > 0 && placed && !/[^\P{Cc}\n]/u.test(error.message);
  }
}

test("cutting, doubling and changing pieces of valid suites gives suites or problems", (t) => {
  const piece = fc.constantFrom(
    "",
    " ",
    "\n",
    ":",
    "{",
    "}",
    "[",
    "]",
    "- ",
    "&a ",
    "*a",
    "!!set ",
    "${",
    '"',
    "'",
    "#",
    "|",
    "\t",
    "-1",
    "1e999",
    "__proto__",
    "null",
    "\u001b[31m",
    "\u0000",
    "?",
    "<<: *a",
    "---\n",
  );
  const edit = fc.record({ at: fc.nat(2000), length: fc.nat(40), piece });
  const property = fc.property(
    fc.constantFrom(...valid),
    fc.array(edit, { minLength: 1, maxLength: 4 }),
    (name, edits) =>
      answers(
        edits.reduce(
          (text, { at, length, piece }) => text.slice(0, at) + piece + text.slice(at + length),
          suiteText(name),
        ),
      ),
  );
  t.notThrows(() => fc.assert(property, { numRuns: 1200 }));
});

test("any value at any place of a suite gives a suite or problems", (t) => {
  const place = fc.constantFrom(
    "name",
    "target",
    "upstreams",
    "generator",
    "load",
    "faults",
    "stop",
    "profiles",
    "factors",
    "baseline",
    "blocks",
    "compare",
    "seed",
  );
  const inner = fc.constantFrom(
    "command",
    "port",
    "ready",
    "env",
    "sysctls",
    "rate",
    "fault",
    "latency",
    "a",
    "net.x",
    "kubernetes",
    "script",
    "constructor",
  );
  const value = fc.jsonValue({ maxDepth: 3 });
  const property = fc.property(place, fc.dictionary(inner, value), value, fc.boolean(), (key, map, scalar, deep) =>
    answers(
      `${suiteText("ports").replace(new RegExp(`^${key}:`, "m"), "was:")}\n${stringify({ [key]: deep ? map : scalar })}`,
    ),
  );
  t.notThrows(() => fc.assert(property, { numRuns: 600 }));
});

test("any text and any bytes give problems", (t) => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((raw) => Buffer.from(raw).toString("latin1"));
  const text = fc.string({ unit: "binary", maxLength: 200 });
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
