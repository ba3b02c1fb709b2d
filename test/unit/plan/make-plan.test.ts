import test from "ava";
import fc from "fast-check";
import { InputError } from "../../../harness/core/errors.ts";
import { makePlan } from "../../../harness/plan/make-plan.ts";
import { suiteFrom } from "../../helpers/suite-files.ts";

const memoryBytes = 32 * 2 ** 30;
const suite = suiteFrom("ports");
const names = suite.profiles.map((profile) => profile.name);

test("each block runs every profile once, and trials are numbered in order", (t) => {
  const anyPlan = fc.record({
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    blocks: fc.integer({ min: 1, max: 12 }),
  });
  const property = fc.property(anyPlan, ({ seed, blocks }) => {
    const { order } = makePlan(suite, { seed, blocks, memoryBytes });
    t.deepEqual(
      order.map((trial) => trial.sequence),
      order.map((_, i) => i + 1),
    );
    for (let block = 1; block <= blocks; block++) {
      const trials = order.slice((block - 1) * names.length, block * names.length);
      t.true(trials.every((trial) => trial.block === block));
      t.deepEqual(trials.map((trial) => trial.profile).toSorted(), names.toSorted());
    }
    return order.length === blocks * names.length;
  });
  t.notThrows(() => fc.assert(property, { numRuns: 200 }));
});

test("the same seed gives the same order, another seed another one", (t) => {
  const orderOf = (seed: number) => makePlan(suite, { seed, blocks: 8, memoryBytes }).order;
  t.deepEqual(orderOf(7), orderOf(7));
  t.notDeepEqual(orderOf(7), orderOf(8));
});

test("chosen profiles keep the suite's order and the baseline", (t) => {
  const plan = makePlan(suite, { profiles: ["all", "reuse"], seed: 1, memoryBytes });
  t.deepEqual(
    plan.profiles.map((profile) => profile.name),
    ["baseline", "reuse", "all"],
  );
  t.is(plan.order.length, 9);
  t.is(plan.predictions.length, 3);
});

test("an unknown profile or a wrong number of blocks is the caller's mistake", (t) => {
  const unknown = { profiles: ["resue"], seed: 1, memoryBytes };
  t.throws(() => makePlan(suite, unknown), { instanceOf: InputError, message: /"resue"; did you mean "reuse"\?$/ });
  for (const blocks of [0, 1.5, 1001, Number.NaN]) {
    t.throws(() => makePlan(suite, { seed: 1, blocks, memoryBytes }), { instanceOf: InputError });
  }
});

test("users of Locust wait for an answer before they ask again: a caveat, and none of k6's", (t) => {
  const codes = (engine: "k6" | "locust") => {
    const { caveats } = makePlan({ ...suite, load: { ...suite.load, engine } }, { seed: 1, memoryBytes });
    return caveats.map(({ code }) => code);
  };
  t.true(codes("locust").includes("closed-model"));
  t.false(codes("k6").includes("closed-model"));
});

test("the expected time is a bound: up to `after` where a cliff may slow the load, up to the requests elsewhere", (t) => {
  const plan = makePlan(suite, { seed: 1, blocks: 2, memoryBytes });
  // 150,000 requests: 8,750 in the ramp's 5 s, the rest at 3,000/s.
  const whole = 5 + (150_000 - 8750) / 3000;
  t.is(plan.expectedSeconds, 2 * (3 * (75 + 1) + 2 * (whole + 1)));
});

test("a kernel on which connect() is slower is said where a cliff is expected; of a cluster's nodes it is assumed", (t) => {
  const said = (kernel: string, profiles = ["baseline"]) => {
    const { caveats } = makePlan(suite, { seed: 1, memoryBytes, kernel, profiles });
    return caveats.filter(({ code }) => code === "cliff-of-older-kernel");
  };
  t.deepEqual(said("6.12.57-amd64"), [{ code: "cliff-of-older-kernel", kernel: "6.12.57-amd64", newer: "6.15" }]);
  t.deepEqual(said("6.18.44"), []);
  t.deepEqual(said("unknown"), []);
  const cluster = { name: "staging", route: "pod-sysctls", runners: 1 } as const;
  const plan = makePlan(suite, { seed: 1, memoryBytes, kernel: "6.1.0", cluster });
  t.false(plan.caveats.some(({ code }) => code === "cliff-of-older-kernel"));
  const assumed = plan.predictions.map(({ assumptions }) => assumptions.some(({ code }) => code === "node-kernel"));
  const cliffs = plan.predictions.map(({ cliffPorts }) => cliffPorts !== null);
  t.deepEqual(assumed, cliffs);
});
