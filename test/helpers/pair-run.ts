import type { RunRecord } from "../../harness/results/run.ts";
import { type StoredRun, storedRun } from "./stories.ts";
import { profileRecord, type TrialOverrides, trialRecord } from "./trial-builder.ts";

/** A run of two profiles whose trials are what `make` says of them. */
export function pairRun(
  blocks: number,
  make: (profile: string, block: number) => TrialOverrides,
  run: Partial<RunRecord> = {},
): StoredRun {
  return storedRun(
    blocks,
    ["baseline", "candidate"].map((name) => [
      profileRecord(name),
      (overrides, block) => trialRecord({ ...make(name, block), ...overrides }),
    ]),
    run,
  );
}
