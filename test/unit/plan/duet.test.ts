import test from "ava";
import { findableOf } from "../../../harness/plan/findable.ts";
import { makePlan, type PlanOptions } from "../../../harness/plan/make-plan.ts";
import { describePlan } from "../../../harness/report/plan/describe-plan.ts";
import type { Calibration } from "../../../harness/results/run.ts";
import { parseSuite } from "../../../harness/suite/parse.ts";

const duet = `
name: pair
target: { command: [node, server.js], port: 8080 }
upstreams: { db: { command: [node, db.js], port: 9000 } }
load: { script: load.ts, rate: 100/s }
stop: { after: 5s }
design: duet
profiles: { baseline: {}, candidate: { command: [node, ../other/server.js] } }
blocks: 12
`;
const options = { seed: 7, memoryBytes: 8e9 };
const planned = (
  text: string,
  { calibration = null, ...more }: { calibration?: Calibration | null } & Partial<PlanOptions> = {},
) =>
  makePlan(parseSuite(text, "suite.yaml"), {
    ...options,
    ...more,
    findable: (plan) => findableOf({ ...plan, calibration }),
  });

test("a duet's block takes one trial's time, and starts the other profile first than the last one did", (t) => {
  const plan = planned(duet);
  t.is(plan.expectedSeconds, 12 * 6);
  const first = plan.order.filter((_, i) => i % 2 === 0).map(({ profile }) => profile);
  t.is(new Set(first.filter((_, i) => i % 2 === 0)).size, 1);
  t.is(first.filter((profile) => profile === "baseline").length, 6);
  t.deepEqual(plan.predictions, [], "no wall is expected of two that share a load");
  t.true(plan.caveats.some(({ code }) => code === "arms-at-the-same-time"));
  t.false(plan.caveats.some(({ code }) => code === "stop-before-wall"));
});

test("a duet of one profile is refused", (t) => {
  t.throws(() => planned(duet, { profiles: ["baseline"] }), { message: /a duet is of two profiles/ });
});

test("the plan says what a duet, or a bounded run, can find in its time, by the noise that is known", (t) => {
  const text = describePlan(parseSuite(duet, "suite.yaml"), planned(duet), { width: 400 });
  t.regex(
    text,
    /Finds in about 1 min 12 s \(12 blocks\), in 80 of 100 runs, a difference in median latency from [\d.]+% on, p90/,
  );
  t.regex(text, /By the noise that is usual on 2 CPUs shared with others/);
  t.notRegex(text, /Expected walls/);
  const measures = { "latencyMs.p50": { logRatioDeviation: 0.001, pairs: 12 } };
  const calibration = { runId: "20261129T120000Z-pair-abcd", at: "", blocks: 12, measures };
  const known = planned(duet, { calibration }).findable;
  t.is(known?.calibration, calibration.runId);
  t.deepEqual(
    known?.measures.map(({ measure }) => measure),
    ["latencyMs.p50"],
  );
  t.true((known?.measures[0]?.difference ?? 1) < 0.03);
});

test("a preset's time bounds the blocks; what is asked on the command line does not", (t) => {
  const hosted = duet.replace("design: duet", "compare: { preset: hosted, within: 2m }");
  t.is(planned(hosted).blocks, 10, "two trials of 6 s each");
  const open = hosted.replace("blocks: 12", "");
  t.is(planned(open).blocks, 10);
  t.is(planned(open, { blocks: 30 }).blocks, 30);
  t.is(planned(hosted.replace("blocks: 12", "blocks: 3")).blocks, 3);
  t.is(planned(duet.replace("design: duet", "")).findable, null);
});
