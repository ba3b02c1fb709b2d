import test from "ava";
import { suiteForStep } from "../../../harness/experiment/trial-suite.ts";
import type { SearchObjective } from "../../../harness/results/goals.ts";
import { constantRate, peakPerSecond, rampEndMs } from "../../../harness/suite/rate.ts";
import { suiteOf } from "../../helpers/suites.ts";

const objective: SearchObjective = {
  kind: "sustainable-rate",
  fromPerSecond: 100,
  toPerSecond: 1600,
  precision: 0.1,
  holdingMs: 10_000,
  rampMs: 1000,
  steps: 12,
};
const stop = {
  fault: { kind: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 },
  requests: 500,
  afterMs: 60_000,
  latency: { quantile: "p99", aboveMs: 900, windows: 3 },
  cliff: null,
  saturated: null,
} as const;

test("a step is its rate, held after its ramp and ended by time; what else would stop a load stays", (t) => {
  const suite = suiteOf({ stop });
  const step = suiteForStep(suite, objective, { ratePerSecond: 283, phase: "bisect" });
  t.is(peakPerSecond(step.load.rate), 283);
  t.is(rampEndMs(step.load.rate), 1000);
  t.deepEqual(step.stop, { ...stop, requests: null, afterMs: 11_000 });
  t.deepEqual({ ...step, load: null, stop: null }, { ...suite, load: null, stop: null }, "all else is the suite's");
  t.is(step.load.script, suite.load.script);
  t.deepEqual(suite.stop, stop, "the suite itself is left alone");
});

test("without a ramp the rate is there from the start", (t) => {
  const step = suiteForStep(suiteOf(), { ...objective, rampMs: 0 }, { ratePerSecond: 6.25, phase: "ramp" });
  t.deepEqual(step.load.rate, constantRate(6.25));
  t.is(step.stop.afterMs, 10_000);
});
