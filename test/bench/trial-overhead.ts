import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { otlpPort } from "../../harness/experiment/load-driver.ts";
import { loadSuite } from "../../harness/suite/load-suite.ts";
import { createNetnsEnvironment } from "../../harness/testbeds/netns/netns.ts";
import { createTeardown } from "../../harness/testbeds/teardown.ts";
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
  const environment = await createNetnsEnvironment();
  const folder = await mkdtemp(join(tmpdir(), "tunebench-bench-"));
  const teardown = createTeardown();
  try {
    const request = {
      suite,
      profile,
      trial: { sequence: 1, block: 1 },
      node: null,
      logFolder: folder,
      dataFolder: folder,
      note: () => {},
    };
    const stage = await timed("namespaces, settings", () => environment.open(request, teardown));
    await timed("upstream ready", () => stage.startPart("db"));
    await timed("target ready", () => stage.startPart("target"));
    await timed("listener inside the namespace", async () => (await stage.hands.listen("generator", otlpPort)).close());
    await timed("settings read again", () => stage.readBack());
  } finally {
    await timed("teardown", () => teardown.run());
    await rm(folder, { recursive: true, force: true });
  }
}
