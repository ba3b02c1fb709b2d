import { chmodSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import type { Document } from "yaml";
import type { ProfileAnalysis } from "../../harness/analysis/analysis.ts";
import { leastDisturbed } from "../../harness/results/disturbance.ts";
import type { StoredRun } from "../../harness/results/read.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { treeFile } from "./cli.ts";
import type { ToldAnalysis } from "./told.ts";
import { onlyRun, openWorld, runWhole } from "./whole-run.ts";

/** What a scenario's run left: of each profile the trial that others disturbed least, and what the analysis says. */
export interface Shown {
  trials: Record<string, TrialRecord>;
  profiles: Record<string, ProfileAnalysis>;
  verdict: string;
  analysis: ToldAnalysis;
  stored: StoredRun;
}

function leastDisturbedOf({ trials }: StoredRun, profile: string): [string, TrialRecord][] {
  const trial = leastDisturbed(trials.filter((one) => one.valid && one.profile === profile));
  return trial === undefined ? [] : [[profile, trial]];
}

/** Runs a scenario in a copy of its folder; all trials must be valid. */
export async function show(t: ExecutionContext, name: string, edit: (suite: Document) => void, args: string[] = []) {
  const world = await openWorld(t, {
    from: treeFile("scenarios", name),
    edit: (suite) => {
      edit(suite);
      // What others disturb is claimed less of, and not run twice.
      suite.set("retries", 0);
    },
    files: { "../lib/k6.ts": readFileSync(treeFile("scenarios/lib/k6.ts"), "utf8") },
  });
  // The database runs as another user, who must be able to read the suite.
  chmodSync(world.folder, 0o755);
  // The target's own packages (mysql2) are looked for upwards from its folder.
  symlinkSync(treeFile("node_modules"), join(world.folder, "node_modules"));
  const { exitCode, stderr } = await runWhole(world, args);
  t.is(exitCode, 0, stderr);
  t.log(stderr);
  const stored = onlyRun(world);
  const analysis: ToldAnalysis = JSON.parse(readFileSync(join(stored.folder, "analysis.json"), "utf8"));
  const shown: Shown = {
    trials: Object.fromEntries(analysis.profiles.flatMap(({ name }) => leastDisturbedOf(stored, name))),
    profiles: Object.fromEntries(analysis.profiles.map((profile) => [profile.name, profile])),
    verdict: analysis.verdict,
    analysis,
    stored,
  };
  return shown;
}
