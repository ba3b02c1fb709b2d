import test from "ava";
import { diagnose } from "../../../harness/diagnose/diagnose.ts";
import { type Observed, observedIn } from "../../../harness/diagnose/observed.ts";
import { rules } from "../../../harness/diagnose/rules.ts";
import { exhaustedTrial, trialRecord } from "../../helpers/trial-builder.ts";

test("trials are merged: seen in how many, and of which the evidence is; invalid ones prove nothing", (t) => {
  const trials = [
    trialRecord({ sequence: 2 }),
    exhaustedTrial({ sequence: 7, block: 2 }),
    exhaustedTrial({ sequence: 9 }),
  ];
  const invalid = exhaustedTrial({
    valid: false,
    invalidReason: { code: "part-lost" as const, words: "a setting did not take" },
  });
  const finding = diagnose([...trials, invalid]).find(({ rule }) => rule === "port-exhaustion");
  t.like(finding, { seenIn: 2, trials: 3, shownBy: { sequence: 7, block: 2 } });
  t.deepEqual(diagnose([invalid]), []);
});

test("what invalidates a measurement comes before its causes", (t) => {
  const trial = exhaustedTrial({ generator: { bound: true }, measures: { cpuCores: { target: 2 } } });
  t.deepEqual(
    diagnose([trial]).map(({ rule }) => rule),
    ["generator-bound", "port-exhaustion", "scan-cliff"],
  );
});

test("a rule has nothing to say without what it needs, and what that is it says", (t) => {
  const seen = observedIn(exhaustedTrial());
  const nothing: Observed = {
    ...seen,
    ...{ load: null, generator: null, ports: null, cliff: null, acceptQueues: null, counters: null, conntrack: null },
    ...{ cpus: null, receiveWork: null, netRxSoftirqs: null, interrupts: null, steering: null, cpuCores: null },
    throttling: null,
    ...{ demand: null, connections: null, sources: null, processes: null, transfers: null, unixQueues: null },
    ...{ neighbourTableFulls: null, softnet: null, logged: null, repeatedLines: null },
  };
  for (const { id, needs, find } of rules) {
    t.true(needs.length > 0, id);
    t.is(find(nothing), null, id);
  }
  const exhaustion = rules.find(({ id }) => id === "port-exhaustion");
  t.truthy(exhaustion?.find(seen));
  for (const need of exhaustion?.needs ?? []) t.is(exhaustion?.find({ ...seen, [need]: null }), null, need);
});
