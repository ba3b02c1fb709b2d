import test from "ava";
import { conditionUse } from "../../../harness/detect/condition-use.ts";
import type { RoleCpuSample, Sample } from "../../../harness/results/samples.ts";
import { well } from "./story.ts";

/** A look a second: cores in the second before it, and memory then; null where the role had no program. */
function looks(role: string, seconds: ([number, number] | null)[]): Sample[] {
  let cpuMs = 0;
  return seconds.flatMap((look, at): RoleCpuSample[] => {
    if (look === null) return [];
    const [cores, memoryBytes] = look;
    cpuMs += cores * 1000;
    return [{ kind: "roleCpu", atMs: at * 1000, role, cpuMs, memoryBytes, throttledPeriods: null, throttledMs: null }];
  });
}

const span = { fromMs: 1000, toMs: 4000 };

test("mean and highest second of the cores, mean and highest look of the memory, within the condition only", (t) => {
  const samples = looks("target", [
    [9, 900],
    [9, 10],
    [0.5, 20],
    [0.1, 40],
    [0.3, 30],
    [9, 900],
  ]);
  const { cpuCores, memoryBytes } = conditionUse({ ...well, samples }, span);
  t.deepEqual(cpuCores.target, { mean: 0.3, peak: 0.5 });
  t.deepEqual(memoryBytes.target, { mean: 25, peak: 40 });
  t.is(cpuCores.db, null);
});

test("copies of the target: each, and all of them together at one moment", (t) => {
  const first = looks("target", [
    [0, 10],
    [0, 10],
    [0.5, 10],
    [0.1, 10],
    [0.1, 10],
  ]);
  const second = looks("target-2", [
    [0, 10],
    [0, 10],
    [0.1, 30],
    [0.4, 10],
    [0.1, 10],
  ]);
  const { cpuCores, memoryBytes } = conditionUse({ ...well, replicas: 2, samples: [...first, ...second] }, span);
  t.deepEqual(Object.keys(cpuCores), ["generator", "target", "target-1", "target-2", "db"]);
  t.deepEqual(rounded(cpuCores.target), { mean: 0.433, peak: 0.6 });
  t.deepEqual([cpuCores["target-1"]?.peak, cpuCores["target-2"]?.peak], [0.5, 0.4]);
  t.is(memoryBytes.target?.peak, 40);
});

test("a copy that is gone holds nothing meanwhile", (t) => {
  const first = looks("target", [
    [0, 10],
    [0, 10],
    [0.1, 10],
    [0.1, 10],
    [0.1, 10],
  ]);
  const second = looks("target-2", [[0, 10], [0, 10], null, null, [0.2, 10]]);
  const { memoryBytes } = conditionUse(
    { ...well, replicas: 2, samples: [...first, ...second] },
    { fromMs: 1000, toMs: 4500 },
  );
  t.is(memoryBytes.target?.peak, 20);
  t.true((memoryBytes.target?.mean ?? 20) < 20);
});

function rounded(level: { mean: number; peak: number } | null | undefined) {
  return level == null ? null : { mean: Number(level.mean.toFixed(3)), peak: Number(level.peak.toFixed(3)) };
}
