import type { ScheduledTrial } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { Profile } from "../suite/suite.ts";
import { profileNamed } from "./suite-of-trial.ts";

/**
 * The node on which a trial has to run: that of its block's earlier ones whose profiles ask for the same kind of node; null where
 * none has run. An invalid trial binds nobody: its node may be gone.
 */
export function blockNode(
  trials: TrialRecord[],
  profiles: Profile[],
  { block, profile }: Pick<ScheduledTrial, "block" | "profile">,
): string | null {
  const selectorOf = (name: string) => sortedText(profileNamed(profiles, name).nodeSelector);
  const mates = trials.filter((trial) => trial.valid && trial.outcome !== "refused" && trial.block === block);
  const alike = mates.filter((trial) => selectorOf(trial.profile) === selectorOf(profile));
  return alike.find(({ platform }) => platform !== null)?.platform?.node ?? null;
}

function sortedText(selector: Record<string, string>): string {
  return JSON.stringify(Object.entries(selector).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
