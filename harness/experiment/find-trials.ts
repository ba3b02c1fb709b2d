import { armName } from "../find/arm.ts";
import { observedTrials } from "../find/from-trials.ts";
import { nextMove } from "../find/next-move.ts";
import { predictWalls } from "../plan/predict.ts";
import type { Arm, Find, FindTrial } from "../results/find.ts";
import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { DeliveryRoute } from "../suite/cluster.ts";
import { optionOf, withOption } from "../suite/command-option.ts";
import { withLevel } from "../suite/factor-key.ts";
import { longProfile } from "../suite/schema-profiles.ts";
import type { Profile, Suite } from "../suite/suite.ts";
import { profileRecord } from "./run-record.ts";

/** A find's next trial, from its stored ones and nothing else; null where nothing is left to try. */
export function nextOfFind(find: Find, trials: TrialRecord[]): ScheduledTrial | null {
  const move = nextMove(find, observedTrials(trials));
  if (move.kind === "done") return null;
  const { step, arm, ratePerSecond, block, attempt } = move.trial;
  const sequence = 1 + Math.max(0, ...trials.map((trial) => trial.sequence));
  const own: FindTrial = { step, arm, ratePerSecond };
  return { sequence, block, attempt, profile: armName(arm), purpose: "find", step: null, find: own };
}

/** What a find's stored trials took, with all that was around them: its budget is of this. */
export function elapsedMs(trials: readonly TrialRecord[]): number {
  return trials.reduce((sum, { loadSeconds, overheadSeconds }) => sum + 1000 * (loadSeconds + overheadSeconds), 0);
}

/** The profiles that trials of a find run: an arm as if the suite had it. */
export function armProfiles(
  { target }: Pick<Suite, "target">,
  levers: Find["levers"],
  trials: readonly Pick<ScheduledTrial, "find">[],
): Profile[] {
  const arms = trials.flatMap(({ find }) => find?.arm ?? []);
  const named = new Map(arms.map((arm) => [armName(arm), arm]));
  return [...named].map(([name, arm]) => ({ name, ...longProfile.parse(armForm(levers, arm, target.command)) }));
}

/** An arm as the long form of a profile, as a suite has it; `command` is the target's own, of which levers may be options. */
export function armForm(levers: Find["levers"], arm: Arm, command: readonly string[]): object {
  const chosen = levers.flatMap(({ name, place }) => {
    const value = arm.levers[name];
    return value === undefined ? [] : [{ place, option: optionOf(place), value }];
  });
  const settings = [
    ...Object.entries(arm.target),
    ...Object.entries(arm.upstreams).flatMap(([role, values]) =>
      Object.entries(values).map(([key, value]) => [`upstreams.${role}.${key}`, value] as const),
    ),
    ...chosen.flatMap(({ place, option, value }) => (option === null ? [[place, value] as const] : [])),
  ];
  const form = settings.reduce((made, [place, value]) => withLevel(made, place, value), {});
  const options = chosen.flatMap(({ option, value }) => (option === null ? [] : [{ option, value }]));
  if (options.length === 0) return form;
  return {
    ...form,
    command: options.reduce((words, { option, value }) => withOption(words, option, value), [...command]),
  };
}

/** run.json with the arms that have come up: a find does not know before which there will be. */
export function withArms(run: RunRecord, suite: Suite, profiles: Profile[], route: DeliveryRoute | null): RunRecord {
  const known = new Set(run.profiles.map(({ name }) => name));
  const added = profiles.filter(({ name }) => !known.has(name));
  if (added.length === 0) return run;
  return {
    ...run,
    profiles: [...run.profiles, ...added.map((profile) => profileRecord(suite, profile, route))],
    predictions: [
      ...run.predictions,
      ...added.map((profile) => predictWalls(suite, profile, route === null ? "netns" : "cluster")),
    ],
  };
}
