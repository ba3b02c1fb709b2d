import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openScope } from "../../harness/core/scope.ts";
import { loadSuite } from "../../harness/suite/load-suite.ts";
import { exportPort } from "../../harness/testbeds/netns/load.ts";
import { testbedHere } from "../helpers/suites.ts";
import type { Benchmark, Figure } from "./figures.ts";
import { smallSuite, smallTrials } from "./small-run.ts";

const rounds = 5;

/** What a trial takes beside its load: as real trials record it, and by step. */
export const trialOverhead: Benchmark = {
  name: "trial-overhead",
  about: "a trial's seconds outside its load; Node as target and as upstream",
  async run() {
    const trials = await smallTrials();
    const overhead = trials.map(({ trial }) => trial.overheadSeconds);
    return [{ what: "overhead of a trial", unit: "s", values: overhead, goal: { atMost: 1 } }, ...(await steps())];
  },
};

/** The same steps one by one, without load. */
async function steps(): Promise<Figure[]> {
  const taken: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round += 1) await oneRound(taken);
  return Object.entries(taken).map(([what, values]) => ({ what: `  ${what}`, unit: "ms", values, goal: null }));
}

async function oneRound(taken: Record<string, number[]>): Promise<void> {
  const timed = async <T>(what: string, step: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await step();
    taken[what] = [...(taken[what] ?? []), performance.now() - began];
    return result;
  };
  const suite = await loadSuite(smallSuite);
  const [profile] = suite.profiles;
  if (profile === undefined) throw new Error("the suite has no profile");
  const testbed = await testbedHere();
  const folder = await mkdtemp(join(tmpdir(), "tunebench-bench-"));
  const scope = openScope();
  try {
    const request = {
      suite,
      profile,
      trial: { sequence: 1, block: 1 },
      node: null,
      logFolder: folder,
      runFolder: folder,
      note: () => {},
    };
    const bed = await timed("namespaces, settings", async () =>
      (await testbed.begin("bench", scope)).open(request, scope),
    );
    await timed("upstream ready", () => bed.start("db"));
    await timed("target ready", () => bed.start("target"));
    await timed("listener inside the namespace", async () => (await bed.listen("generator", exportPort)).close());
    await timed("settings read again", () => bed.readBack());
  } finally {
    await timed("teardown", () => scope.close());
    await rm(folder, { recursive: true, force: true });
  }
}
