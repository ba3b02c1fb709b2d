import type { TrialRecord } from "../../harness/results/trial.ts";
import type { ApiWorld } from "./api-world.ts";
import { copyFixture, type RunEnd, runOnCluster, storedIn } from "./cluster-runs.ts";

/** Runs the fixture `routes` with its baseline and these profiles. */
export async function runRoutes(
  world: ApiWorld,
  names: string[],
  { args = [], file = world.own.file }: { args?: string[]; file?: string } = {},
): Promise<RunEnd> {
  const suite = await copyFixture(world, { fixture: "routes" });
  return await runOnCluster(world, suite, ["--profiles", ["baseline", ...names].join(","), ...args], file);
}

/** The one run's trials by their profile. */
export function byProfile(out: string): Record<string, TrialRecord> {
  return Object.fromEntries(storedIn(out).trials.map((trial) => [trial.profile, trial]));
}

/** What the target's sampler read of a key in its pod. */
export function effective(trial: TrialRecord | undefined, key: string): string | null | undefined {
  return trial?.sysctls.find((reading) => reading.role === "target" && reading.key === key)?.effective;
}
