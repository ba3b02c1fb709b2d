import test from "ava";
import { baselineWall } from "../../../harness/experiment/baseline-wall.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { exhaustedTrial, runRecord, trialRecord } from "../../helpers/trial-builder.ts";

const wall = (trials: TrialRecord[], profile = "reuse", run = runRecord()) => baselineWall(run, { profile }, trials);
const broke = (requestsBeforeWall: number, more: Partial<TrialRecord> = {}) =>
  exhaustedTrial({ ...more, measures: { requestsBeforeWall } });

test("what the baseline served before its wall, the most of its trials, for the other profiles alone", (t) => {
  const known = [broke(28_100), broke(28_232), broke(90_000, { valid: false }), broke(70_000, { profile: "reuse" })];
  t.is(wall(known), 28_232);
  t.is(wall(known, "baseline"), null);
  t.is(wall([]), null);
  t.is(wall([...known, trialRecord({ outcome: "held" })]), null, "not in each block");
});

test("where each trial has a rate of its own there is no such wall", (t) => {
  const conditions = runRecord({ experiment: { kind: "conditions", conditions: [] } });
  t.is(wall([broke(28_232)], "reuse", conditions), null);
});
