import test from "ava";
import { verdictOf, verdictText } from "../../../harness/report/words/verdict.ts";
import { conditionResult, conditionsReport, threeConditions } from "../../helpers/conditions-report.ts";
import { analyze } from "../../helpers/told.ts";
import { runRecord, trialRecord } from "../../helpers/trial-builder.ts";

const { run, trials, analysis } = conditionsReport();

test("each profile under each condition: medians with their range over the blocks", (t) => {
  t.deepEqual(
    analysis.conditions.map(({ profile, condition, n }) => `${profile} ${condition} ${n}`),
    ["baseline", "patient"].flatMap((profile) => ["normal", "peak", "failure"].map((name) => `${profile} ${name} 3`)),
  );
  const failure = analysis.conditions.find(
    ({ profile, condition }) => profile === "baseline" && condition === "failure",
  );
  t.deepEqual(failure?.faultRatio, { median: 0.1, low: 0.04, high: 0.11, n: 3 });
  t.like(failure, { disturbed: true, recovered: 2, askedPerSecond: 200 });
  t.is(failure?.recoverySeconds?.n, 2);
  t.like(failure?.goals[2], { kept: 1, missed: 2 });
  t.is(failure?.use.db?.meanMemoryBytes, null);
});

test("the verdict says first who keeps every goal, and which the baseline misses, in how many blocks", (t) => {
  t.regex(
    verdictText(verdictOf(run, analysis)),
    /^Profile patient \(env WAIT_MS=2500\) keeps every goal; the baseline misses failed requests <= 5% in failure \(2 of 3 blocks\)\. /,
  );
});

test("sizing: requests from the conditions without actions, limits from the highest of any, of the busiest copy", (t) => {
  const [baseline] = analysis.sizing;
  t.like(baseline, { profile: "baseline", copies: 2, n: 3 });
  t.deepEqual(baseline?.cpuRequestCores, { value: 0.16, condition: "normal" });
  t.deepEqual(baseline?.cpuLimitCores, { value: 0.3 * 1.25, condition: "normal" });
  t.is(baseline?.memoryRequestBytes?.value, 80 * 2 ** 20);
  t.is(baseline?.memoryLimitBytes?.value, 110 * 2 ** 20 * 1.25);
});

test("a peak under failure raises the limit, and not the request", (t) => {
  const cpuCores = { target: { mean: 2, peak: 3 } };
  const conditions = threeConditions.map((condition) =>
    conditionResult(
      condition,
      condition.name === "failure" ? { cpuCores } : { cpuCores: { target: { mean: 0.5, peak: 1 } } },
    ),
  );
  const one = runRecord({
    blocks: 1,
    profiles: ["baseline"],
    experiment: { kind: "conditions", conditions: threeConditions },
  });
  const [sizing] = analyze(one, [trialRecord({ conditions })]).sizing;
  t.deepEqual(sizing?.cpuRequestCores, { value: 0.5, condition: "normal" });
  t.deepEqual(sizing?.cpuLimitCores, { value: 3.75, condition: "failure" });
  t.is(sizing?.copies, 1);
});

test("invalid trials and conditions that were not reached are left out; without conditions there is nothing", (t) => {
  const [first, ...others] = trials;
  const kept = analyze(run, [{ ...(first ?? trialRecord()), valid: false }, ...others]).conditions;
  t.is(kept.find(({ profile }) => profile === first?.profile)?.n, 2);
  const cut = others.map((trial) => ({
    ...trial,
    conditions: trial.conditions.map((one) => (one.name === "failure" ? { ...one, toSeconds: one.fromSeconds } : one)),
  }));
  t.is(analyze(run, cut).conditions.find(({ condition }) => condition === "failure")?.n, 0);
  const plain = analyze(runRecord(), []);
  t.deepEqual([plain.conditions, plain.sizing], [[], []]);
});
