import test from "ava";
import { targetRises } from "../../../harness/detect/deltas.ts";
import { portUse } from "../../../harness/detect/port-use.ts";
import { summarizeTrial } from "../../../harness/detect/summarize.ts";
import type { Sample } from "../../../harness/results/samples.ts";
import { counterSamples, cpuSamples, nodeSamples, portSamples, well } from "./story.ts";

/** Samples of the second copy, as a story tells them of the first. */
function ofSecond(samples: Sample[]): Sample[] {
  return samples.map((sample) => (sample.kind === "node" ? sample : { ...sample, role: "target-2" }));
}

const samples = [
  ...portSamples(20, () => 4000),
  ...ofSecond(portSamples(20, () => 9000)),
  ...counterSamples(20, { ActiveOpens: 100, ListenDrops: 1 }),
  ...counterSamples(20, { ActiveOpens: 50, ListenDrops: 2 }, "target-2"),
  ...["generator", "target", "target-2", "db"].flatMap((role) => cpuSamples(20, role, 0.2)),
  ...nodeSamples(20),
];

test("ports are told of the busiest copy, counters of all together", (t) => {
  t.is(portUse(samples)(10_000), 9000);
  t.like(targetRises(samples, { fromMs: 0, toMs: 10_000 }), { ActiveOpens: 1500, ListenDrops: 30 });
  const { measures, evidence } = summarizeTrial({ ...well, replicas: 2, samples });
  t.is(measures.timeWaitPeak, 9000);
  t.is(measures.portUsePeakRatio, 9000 / 28_232);
  t.is(measures.connectionsPerSecond, 150);
  t.deepEqual(Object.keys(measures.cpuCores), ["generator", "target", "target-2", "db"]);
  t.is(evidence.acceptQueues[0]?.drops, 60);
});

test("one copy that dies under load is enough to have broken; an upstream's death makes the trial invalid", (t) => {
  const stop = {
    criterion: "target-died" as const,
    atSeconds: 12,
    role: "target",
    death: { kind: "ended" as const, exitCode: 1, signal: null },
  };
  const died = summarizeTrial({ ...well, replicas: 2, samples, stop, deaths: { "target-2": ["bye"] } });
  t.like(died, { valid: true, outcome: "broke", fault: { kind: "target-died" } });
  const upstream = { ...stop, criterion: "upstream-died" as const };
  t.false(summarizeTrial({ ...well, replicas: 2, samples, stop: upstream, deaths: { db: ["bye"] } }).valid);
});
