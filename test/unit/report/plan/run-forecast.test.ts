import test from "ava";
import { makePlan } from "../../../../harness/plan/make-plan.ts";
import { forecastText } from "../../../../harness/report/plan/run-forecast.ts";
import { loadSuite } from "../../../../harness/suite/load-suite.ts";
import { treeFile } from "../../../helpers/cli.ts";

test("a run says what it will do, what is built before, and when it will be done", async (t) => {
  const suite = await loadSuite(treeFile("scenarios/port-exhaustion"));
  const plan = { ...makePlan(suite, { seed: 7, memoryBytes: 2 ** 33 }), expectedSeconds: 80 };
  const text = (now: Date, { buildSeconds = 0, width = 200 } = {}) =>
    forecastText(suite, plan, { now, buildSeconds, width });
  const what = "port-exhaustion: 5 profiles x 1 block = 5 trials, at most about 1 min 20 s (baseline baseline, seed 7)";
  t.is(text(new Date(2026, 10, 29, 15, 0, 30)), `${what}; done by 15:02\n`);
  t.is(
    text(new Date(2026, 10, 29, 15, 0, 30), { buildSeconds: 105 }),
    `${what}; before that k6 is built, about 1 min 45 s; done by 15:04\n`,
  );
  const lastYear = text(new Date(2026, 11, 31, 23, 59, 30), { width: 60 });
  t.is(lastYear.replace(/\n {2}/g, " "), `${what}; done by 2027-01-01 00:01\n`);
  t.true(lastYear.split("\n").every((line) => line.length <= 60));
});
