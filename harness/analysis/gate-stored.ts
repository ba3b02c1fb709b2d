import { InputError } from "../core/errors.ts";
import { didYouMean } from "../core/nearest.ts";
import type { RunRecord } from "../results/run.ts";
import { comparedArms } from "./compared-arms.ts";
import type { DifferenceKind } from "./differences.ts";
import { gateOneRun, gateTwoRuns } from "./gate.ts";
import type { Gate, StoredSide } from "./gate-record.ts";

/** What is compared; what is left out goes without saying where there is only one answer. */
export interface GateChoice {
  /** Profile to compare with; the baseline's run says which. */
  baseline?: string;
  /** Profile to judge; the only other one, of two runs with one profile each the same name. */
  candidate?: string;
  /** What two runs may differ in. */
  allow?: readonly DifferenceKind[];
}

/**
 * Whether the candidate is worse than the baseline, from one stored run that holds both or from the baseline's and the
 * candidate's. Throws InputError for a profile that is not there, and where it does not go without saying which is meant.
 */
export function gate(runs: readonly [StoredSide] | readonly [StoredSide, StoredSide], choice: GateChoice = {}): Gate {
  const [one, other] = runs.map(comparedArms) as [StoredSide, StoredSide | undefined];
  const baseline = known(one.run, choice.baseline ?? one.run.baseline);
  if (other === undefined) return gateOneRun(one, { baseline, candidate: candidateBeside(one.run, baseline, choice) });
  if (one.run.id === other.run.id) {
    throw new InputError(`both are run ${one.run.id}`, {
      hint: "name two runs, or one run with --baseline and --candidate",
    });
  }
  const candidate = known(other.run, choice.candidate ?? onlyProfile(other.run, baseline));
  return gateTwoRuns({ ...one, profile: baseline }, { ...other, profile: candidate }, choice.allow ?? []);
}

/** The same name goes without saying only where there is no other: the baseline against itself would always pass. */
function onlyProfile(run: RunRecord, baseline: string): string {
  if (run.profiles.length === 1) return baseline;
  throw whichCandidate(run, `--candidate ${namesOf(run).join(" | ")}`);
}

/** Within one run its only other profile, unless it is named. */
function candidateBeside(run: RunRecord, baseline: string, choice: GateChoice): string {
  const others = namesOf(run).filter((name) => name !== baseline);
  const [only, ...more] = others;
  if (choice.candidate === undefined && (only === undefined || more.length > 0)) {
    throw whichCandidate(
      run,
      only === undefined
        ? `it ran ${baseline} alone: name a second run to hold it against`
        : `--candidate ${others.join(" | ")}`,
    );
  }
  const candidate = known(run, choice.candidate ?? only ?? "");
  if (candidate === baseline) throw new InputError(`baseline and candidate are both ${baseline}`);
  return candidate;
}

function whichCandidate({ id }: RunRecord, hint: string): InputError {
  return new InputError(`which profile of ${id} is the candidate?`, { hint });
}

function known(run: RunRecord, name: string): string {
  const names = namesOf(run);
  if (names.includes(name)) return name;
  throw new InputError(`no profile ${name} in run ${run.id}${didYouMean(name, names)}`, {
    hint: `it has ${names.join(", ")}`,
  });
}

function namesOf({ profiles }: RunRecord): string[] {
  return profiles.map(({ name }) => name);
}
