import test from "ava";
import { diagnose } from "../../../harness/diagnose/diagnose.ts";
import { exhaustedTrial, trialRecord } from "../../helpers/trial-builder.ts";

test("trials are merged: seen in how many, and of which the evidence is; invalid ones prove nothing", (t) => {
  const trials = [
    trialRecord({ sequence: 2 }),
    exhaustedTrial({ sequence: 7, block: 2 }),
    exhaustedTrial({ sequence: 9 }),
  ];
  const invalid = exhaustedTrial({ valid: false, invalidReason: "a setting did not take" });
  const finding = diagnose([...trials, invalid]).find(({ rule }) => rule === "port-exhaustion");
  t.deepEqual([finding?.seenIn, finding?.trials], [2, 3]);
  t.is(finding?.evidence.find(({ what }) => what === "evidence of")?.value, "trial 7 (block 2)");
  t.deepEqual(diagnose([invalid]), []);
});

test("what invalidates a measurement comes before its causes", (t) => {
  const trial = exhaustedTrial({ generator: { bound: true }, measures: { cpuCores: { target: 2 } } });
  t.deepEqual(
    diagnose([trial]).map(({ rule }) => rule),
    ["generator-bound", "port-exhaustion", "scan-cliff"],
  );
});
