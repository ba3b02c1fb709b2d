import type { Gate } from "../../harness/analysis/gate-record.ts";
import { hostileCaveat, hostileText } from "./hostile-report.ts";
import { latency } from "./record-parts.ts";
import { type StoredRun, storedRun } from "./stories.ts";
import { gateOneRun, gateTwoRuns } from "./told.ts";
import { profileRecord, trialRecord } from "./trial-builder.ts";

/** A healthy service in two builds: the candidate answers `slower` times later, with some noise in both. */
export function twoBuilds(blocks: number, slower: number): StoredRun {
  const names = ["baseline", "candidate"];
  return storedRun(
    blocks,
    names.map((name, place) => [
      { ...profileRecord(name), env: place === 0 ? {} : { DELAY_MS: "2" } },
      (overrides, block) => {
        const noise = 1 + 0.02 * Math.sin(block * 12.9 + place);
        const p99 = 1.5 * noise * (place === 0 ? 1 : slower);
        return trialRecord({
          ...overrides,
          measures: { sustainedPerSecond: 2990 * (1 + 0.004 * Math.sin(block * 3.3 + place)), latencyMs: latency(p99) },
        });
      },
    ]),
    {
      id: "20261121T080225Z-keep-alive-3f9a",
      suite: "keep-alive",
      caveats: [{ code: "ports-of-the-suite", ports: 10_000, kernelPorts: 28_232 }],
    },
  );
}

/** One of each decision, by name. */
export function gates(): Record<"regression" | "pass" | "inconclusive", Gate> {
  const arms = { baseline: "baseline", candidate: "candidate" };
  const of = (story: StoredRun) => gateOneRun({ ...story, unreadable: [] }, arms);
  return { regression: of(twoBuilds(10, 2.3)), pass: of(twoBuilds(10, 1)), inconclusive: twoRuns(twoBuilds(8, 1.04)) };
}

/** A decision into which every text of unknown origin is hostile. */
export function hostileGate(): Gate {
  const story = twoBuilds(4, 1.2);
  const [one, two] = secondRun(story);
  two.run.suite = hostileText;
  two.run.provenance = { ...two.run.provenance, cpuModel: hostileText, kernel: hostileText };
  two.run.profiles = two.run.profiles.map((profile) => ({ ...profile, name: hostileText, env: { X: hostileText } }));
  two.trials = two.trials.map((trial) => ({
    ...trial,
    profile: hostileText,
    ...(trial.block === 2 ? { valid: false, invalidReason: { code: "part-lost" as const, words: hostileText } } : {}),
    caveats: [hostileCaveat],
  }));
  return gateTwoRuns(
    { ...one, unreadable: [], profile: "baseline" },
    { ...two, unreadable: [hostileText], profile: hostileText },
    [],
  );
}

function twoRuns(story: StoredRun): Gate {
  const [one, two] = secondRun(story);
  const side = (run: StoredRun) => ({ ...run, unreadable: [], profile: "candidate" });
  return gateTwoRuns(side(one), side(two), ["engine"]);
}

/** The story as two runs, the second on another kernel, with another k6. */
function secondRun(story: StoredRun): [StoredRun, StoredRun] {
  const provenance = { ...story.run.provenance, kernel: "6.19.1", engine: "k6 v2.3.0" };
  const run = {
    ...story.run,
    id: "20261122T080225Z-keep-alive-77aa",
    startedAt: "2026-11-22T08:02:25.000Z",
    provenance,
  };
  return [story, { run, trials: story.trials }];
}
