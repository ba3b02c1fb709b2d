import fc from "fast-check";
import { parse, stringify } from "yaml";
import { ExpectedError } from "../../harness/core/errors.ts";
import { makePlan } from "../../harness/plan/make-plan.ts";
import { describePlan } from "../../harness/report/plan/describe-plan.ts";
import { parseSuite } from "../../harness/suite/parse.ts";
import { SuiteError } from "../../harness/suite/problems.ts";
import type { Suite } from "../../harness/suite/suite.ts";
import { suiteText } from "./suite-files.ts";
import { reference } from "./suites.ts";

/** Suite files that have every key between them. */
export const validSuites = ["ports", "everything", "searched", "conditions", "factors"];

/**
 * Whatever the text: a suite that can be planned, or a SuiteError (exit 2) whose problems stand somewhere in the file and show
 * no control characters. Anything else is thrown on.
 */
export function answers(text: string): boolean {
  let suite: Suite;
  try {
    suite = parseSuite(text, "s.yaml");
  } catch (error) {
    if (!(error instanceof SuiteError && error instanceof ExpectedError)) throw error;
    const lines = text.split(/\r\n|\r|\n/).length;
    const placed = error.problems.every(({ line, column }) => line >= 1 && line <= lines && column >= 1);
    return error.exitCode === 2 && error.problems.length > 0 && placed && !/[^\P{Cc}\n]/u.test(error.message);
  }
  return canBePlanned(suite);
}

/** Two blocks show what a thousand would. */
function canBePlanned(suite: Suite): boolean {
  const plan = makePlan(suite, { seed: 1, memoryBytes: 2 ** 34, blocks: Math.min(2, suite.blocks.max) });
  const text = describePlan(suite, plan, { width: 80 });
  const numbers = Number.isFinite(plan.expectedSeconds) && plan.expectedSeconds > 0;
  return numbers && !/NaN|undefined|Infinity/.test(text) && text.split("\n").every((line) => line.length <= 80);
}

/** Keys of suites in wrong places, keys of JavaScript's own objects, and names that look like others. */
const names = [
  ...[
    "rate",
    "lasting",
    "at",
    "kill",
    "pause",
    "latency",
    "part",
    "replica",
    "restartAfter",
    "goals",
    "actions",
    "min",
    "max",
  ],
  ...[
    "sustainable-rate",
    "from",
    "to",
    "steps",
    "measures",
    "tolerance",
    "direction",
    "latencyMs.p99",
    "faultRatio",
    "load.rate",
  ],
  ...[
    "upstreams.db.env.X",
    "upstreams.dd.net.core.somaxconn",
    "generator.net.core.somaxconn",
    "env.X",
    "net.core.somaxconn",
  ],
  ...[
    "target",
    "generator",
    "target-2",
    "constructor",
    "toString",
    "hasOwnProperty",
    "0",
    "-1",
    "a.b",
    "",
    "ｎame",
    "\u0007",
  ],
];

const values: unknown[] = [
  ...[null, true, false, 0, -1, 1, 1.5, 2 ** 53, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN],
  ...[
    "",
    " ",
    "0s",
    "5s",
    "1440m",
    "99999m",
    "1/s",
    "999999/s",
    "0/s",
    "5%",
    "100%",
    "0%",
    "<= 50",
    ">= 1",
    "<= 1e9",
    "< 5",
  ],
  ...[
    "target",
    "db",
    "dd",
    "one-at-a-time",
    "sustainable-rate",
    "${",
    reference("data"),
    "${upstreams.db.host",
    "../x",
    "x".repeat(5000),
  ],
  ...[
    [],
    {},
    [[]],
    [null],
    { a: 1 },
    ["0", "1"],
    { min: 5, max: 2 },
    { rate: "1/s", lasting: "1ms" },
    Array(200).fill("a"),
  ],
];

/** One of the valid suites, changed in text or in structure, a few times over. */
export const mutatedSuite: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...validSuites), fc.array(textEdit(), { minLength: 1, maxLength: 3 }))
    .map(([name, edits]) => edits.reduce((text, edit) => edit(text), suiteText(name))),
  fc
    .tuple(fc.constantFrom(...validSuites), fc.array(treeEdit(), { minLength: 1, maxLength: 3 }))
    .map(([name, edits]) => {
      const tree: unknown = parse(suiteText(name));
      for (const edit of edits) edit(tree);
      return stringify(tree, { aliasDuplicateObjects: false });
    }),
);

/** A piece cut out, put in, or written over. */
function textEdit(): fc.Arbitrary<(text: string) => string> {
  const pieces = ["", " ", "\n", ":", "{", "}", "[", "]", "- ", "&a ", "*a", "!!set ", "${", '"', "'", "#", "|", "\t"];
  const words = [
    "-1",
    "1e999",
    "__proto__",
    "null",
    "\u001b[31m",
    "\u0000",
    "?",
    "<<: *a",
    "---\n",
    "\u2028",
    "0s",
    "9",
  ];
  const edit = fc.record({
    at: fc.nat(2600),
    length: fc.nat(16),
    piece: fc.constantFrom(...pieces, ...words),
  });
  return edit.map(
    ({ at, length, piece }) =>
      (text: string) =>
        text.slice(0, at) + piece + text.slice(at + length),
  );
}

/** Something in the tree left out, renamed, doubled, or replaced: by a value of no sense or by another part of a suite. */
function treeEdit(): fc.Arbitrary<(tree: unknown) => void> {
  const edit = fc.record({
    at: fc.nat(400),
    action: fc.constantFrom("leave out", "rename", "replace", "replace", "add"),
    name: fc.constantFrom(...names),
    value: fc.oneof(fc.constantFrom(...values), part(), fc.jsonValue({ maxDepth: 2 })),
  });
  return edit.map(({ at, action, name, value }) => (tree: unknown) => {
    const place = places(tree)[at % Math.max(1, places(tree).length)];
    if (place === undefined) return;
    const { owner, key } = place;
    const before = owner[key];
    if (action !== "replace" && action !== "add") delete owner[key];
    if (action === "rename") owner[name] = before;
    if (action === "replace") owner[key] = structuredClone(value);
    if (action === "add") owner[name] = structuredClone(value);
  });
}

/** Any part of any valid suite. */
function part(): fc.Arbitrary<unknown> {
  return fc.tuple(fc.constantFrom(...validSuites), fc.nat(400)).map(([name, at]) => {
    const all = places(parse(suiteText(name)));
    const place = all[at % all.length];
    return place?.owner[place.key];
  });
}

interface Place {
  owner: Record<string, unknown>;
  key: string;
}

function places(tree: unknown): Place[] {
  if (typeof tree !== "object" || tree === null) return [];
  const owner = tree as Record<string, unknown>;
  return Object.keys(owner).flatMap((key) => [{ owner, key }, ...places(owner[key])]);
}
