import { join } from "node:path";
import test from "ava";
import { describeFind } from "../../../../harness/report/plan/describe-find.ts";
import type { Find } from "../../../../harness/results/find.ts";
import { findRecord } from "../../../helpers/find-report.ts";
import { isGolden } from "../../../helpers/golden.ts";
import { profileOf, suiteOf } from "../../../helpers/suites.ts";

const levers = [{ name: "backlog", what: "backlog", place: "env.BACKLOG", role: "target", value: "511" }];

test("a find says at its start what it will do, what fits into its budget, and what it leaves alone", (t) => {
  const suite = suiteOf({ profiles: [profileOf(), profileOf({ name: "reuse" })] });
  const text = describeFind(suite, findRecord({ levers }), { width: 80, trialSeconds: 16 });
  isGolden(t, text, join(import.meta.dirname, "../../../fixtures/report/find-start.golden.txt"));
});

test("without a candidate, a lever or a profile nothing is said of them, at any width", (t) => {
  const text = describeFind(suiteOf(), findRecord({ candidates: [], leftOut: [] }), { width: 60, trialSeconds: 16 });
  t.deepEqual(
    text.split("\n").filter((line) => line.length > 60),
    [],
  );
  t.notRegex(text, /tried in step 3|left out|profiles of the suite|backlog/);
});

test("what a short budget has no room for is said of its step", (t) => {
  const stepAt = (trials: number, changes: Partial<Find> = {}) =>
    describeFind(suiteOf(), findRecord({ budgetMs: trials * 16_000, ...changes }), { width: 400, trialSeconds: 16 })
      .split("\n")
      .find((line) => line.startsWith("  3."));
  t.regex(stepAt(60) ?? "", /all at once \(14 to 24 trials, .*\); each is screened if that helps \(24 more\)$/);
  t.regex(stepAt(45) ?? "", /screened \(24 trials\); the budget has no room to try them all at once before$/);
  t.regex(stepAt(20) ?? "", /all at once .*; the budget has no room to screen each if that helps \(24 more\)$/);
  t.regex(stepAt(15) ?? "", /: the budget has no room for them \(14 trials all at once, then 24 for a screen\)$/);
  const { candidates } = findRecord();
  t.regex(stepAt(40, { candidates: candidates.slice(0, 2) }) ?? "", /; each goes into step 4 if that helps$/);
});
