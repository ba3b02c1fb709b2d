/**
 * The gate on runs whose candidate is the baseline itself, scenarios/keep-alive/short.yaml with fewer and shorter blocks: exit
 * 0 or 5, never 1. TUNEBENCH_AA_RUNS says how many (20, of a good minute each). What it found stands in docs/statistics.md.
 */
import type { ExecutionContext } from "ava";
import { median } from "simple-statistics";
import type { GateComparison } from "../../harness/analysis/gate-record.ts";
import { runIds } from "../../harness/results/read.ts";
import { tunebench } from "../helpers/cli.ts";
import { keepAliveWorld, runAndGate } from "../helpers/gate-world.ts";
import { testNeeding } from "../helpers/parts.ts";

const runs = Number(process.env.TUNEBENCH_AA_RUNS ?? 20);

testNeeding(["namespaces", "k6"], `${runs} A/A runs: never a regression`, async (t) => {
  t.timeout(runs * 5 * 60_000);
  const world = await keepAliveWorld(t, {}, (suite) => {
    suite.set("blocks", 8);
    suite.setIn(["stop", "after"], "4s");
    // Neither arm meets it: what never breaks must not keep the gate from passing.
    suite.setIn(["compare", "measures", "requestsBeforeWall"], { tolerance: "5%" });
  });
  const codes: number[] = [];
  const seen: GateComparison[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const { exitCode, gate } = await runAndGate(t, world);
    codes.push(exitCode);
    seen.push(...gate.comparisons);
    t.log(`run ${run}: exit ${exitCode}; ${gate.comparisons.map(told).join("; ")}`);
    t.true(exitCode === 0 || exitCode === 5, gate.sentence);
  }
  t.log(`paired, ${countsOf(codes)}`);
  t.log(`one run after the other, ${countsOf(await sequentialCodes(world.out))}`);
  summary(t, seen);
});

/** The baselines of each run and the next, as two runs: what the gate says where arms are not interleaved. Nothing is asked of it. */
async function sequentialCodes(out: string): Promise<number[]> {
  const ids = runIds(out);
  const codes: number[] = [];
  const arms = ["--baseline", "baseline", "--candidate", "baseline"];
  for (const [index, id] of ids.slice(1).entries()) {
    const { exitCode } = await tunebench(["gate", ids[index] ?? "", id, ...arms, "--results", out]);
    codes.push(exitCode ?? -1);
  }
  return codes;
}

function countsOf(codes: number[]): string {
  const count = (code: number) => codes.filter((one) => one === code).length;
  return `exit 0: ${count(0)}; exit 5: ${count(5)}; exit 1: ${count(1)}`;
}

function told({ measure, ratio, p, noiseFloor, result }: GateComparison): string {
  const numbers = [ratio, p, noiseFloor].map((value) => value?.toFixed(3) ?? "-").join(" ");
  return `${measure} ${numbers} ${result}`;
}

/** The table of docs/statistics.md. */
function summary(t: ExecutionContext, seen: GateComparison[]): void {
  for (const name of new Set(seen.map(({ measure }) => measure))) {
    const own = seen.filter(({ measure }) => measure === name);
    const results = [...new Set(own.map(({ result }) => result))].map(
      (result) => `${result} ${own.filter((one) => one.result === result).length}`,
    );
    const ps = own.flatMap(({ p }) => p ?? []).sort((a, b) => a - b);
    const floors = own.flatMap(({ noiseFloor }) => noiseFloor ?? []);
    const floor = floors.length === 0 ? "-" : `${(median(floors) * 100).toFixed(1)}%`;
    t.log(
      `${name}: ${results.join(", ")}; p ${ps.map((p) => p.toFixed(2)).join(" ") || "-"}; noise floor, median ${floor}`,
    );
  }
}
