import { analyze } from "../../harness/analysis/analyze.ts";
import { comparedArms } from "../../harness/analysis/compared-arms.ts";
import { armProfiles, nextOfFind, withArms } from "../../harness/experiment/find-trials.ts";
import { findCandidates } from "../../harness/find/candidates.ts";
import type { ReportInput } from "../../harness/report/report-input.ts";
import type { Find, FindTrial } from "../../harness/results/find.ts";
import type { RunRecord, ScheduledTrial } from "../../harness/results/run.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { suiteOf } from "./suites.ts";
import { exhaustedTrial, profileRecord, runRecord, type TrialOverrides, trialRecord } from "./trial-builder.ts";

/** How a service answers a trial of a find. */
export type Answer = (trial: FindTrial, overrides: TrialOverrides) => TrialRecord;

/** Ports run out unless TIME_WAITs are used again. */
export const portsRunOut: Answer = ({ arm }, overrides) =>
  arm.target["net.ipv4.tcp_tw_reuse"] === "1" ? trialRecord(overrides) : exhaustedTrial(overrides);

/** A find that may take an hour, of a suite that narrows the ports. */
export function findRecord(changes: Partial<Find> = {}): Find {
  const conditions = { target: { "net.ipv4.ip_local_port_range": "32768 60999" } };
  const listening = { target: [8080], db: [3306] };
  return {
    kind: "find",
    objective: null,
    goals: [],
    budgetMs: 3_600_000,
    mostTrials: null,
    tolerance: 0.05,
    seed: 7,
    levers: [],
    ...findCandidates({ keys: null, conditions, listening, refused: [] }),
    conditions,
    listening,
    ...changes,
  };
}

/** A find as the harness would have run and stored it, up to so many trials. */
export function playedFind(answer: Answer, find = findRecord(), most = 200): { run: RunRecord; trials: TrialRecord[] } {
  const suite = suiteOf();
  let run = runRecord({ experiment: find, blocks: 0, profiles: [profileRecord("baseline")] });
  const trials: TrialRecord[] = [];
  for (let next = nextOfFind(find, trials); next !== null && trials.length < most; next = nextOfFind(find, trials)) {
    run = withArms(run, suite, armProfiles(suite, find.levers, [...trials, next]), null);
    trials.push(answered(answer, next));
  }
  return { run: trials.length < most ? run : { ...run, ended: null }, trials };
}

function answered(answer: Answer, { find, ...scheduled }: ScheduledTrial): TrialRecord {
  if (find === null) throw new Error("every trial of a find says what it is for");
  return answer(find, { ...scheduled, find });
}

/** What its reports are made of. */
export function findReport(answer: Answer = portsRunOut, find?: Find, most?: number): ReportInput {
  const { run, trials } = comparedArms(playedFind(answer, find, most));
  return { run, trials, analysis: analyze(run, trials), series: [] };
}
