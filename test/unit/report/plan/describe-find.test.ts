import { join } from "node:path";
import test from "ava";
import { describeFind } from "../../../../harness/report/plan/describe-find.ts";
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
