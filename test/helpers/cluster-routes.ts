import type { Document } from "yaml";
import type { TrialRecord } from "../../harness/results/trial.ts";
import type { ApiWorld } from "./api-world.ts";
import { copyFixture, type RunEnd, runOnCluster, storedIn } from "./cluster-runs.ts";

/** Runs the fixture `routes` with its baseline and these profiles. */
export async function runRoutes(world: ApiWorld, names: string[], args: string[] = []): Promise<RunEnd> {
  const suite = await copyFixture(world, { fixture: "routes" });
  return await runOnCluster(world, suite, ["--profiles", ["baseline", ...names].join(","), ...args]);
}

/** What one trial of the fixture `routes` under this profile comes to, and how its run ended. */
export async function trialUnder(
  world: ApiWorld,
  profile: { route: string; sysctls: Record<string, string> },
  { args = [], file = world.own.file }: { args?: string[]; file?: string } = {},
): Promise<RunEnd & { trial: TrialRecord | undefined }> {
  const edit = (suite: Document) => suite.set("profiles", { baseline: profile });
  const end = await runOnCluster(world, await copyFixture(world, { fixture: "routes", edit }), args, file);
  return { ...end, trial: end.exitCode === 0 ? storedIn(end.out).trials[0] : undefined };
}

/** What the target's sampler read of a key in its pod. */
export function effective(trial: TrialRecord | undefined, key: string): string | null | undefined {
  return trial?.sysctls.find((reading) => reading.role === "target" && reading.key === key)?.effective;
}
