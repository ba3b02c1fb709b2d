import type { TrialRecord } from "../results/trial.ts";
import { called, fact, type Rule, shown, sideOf, type TrialFinding } from "./rule.ts";

/** The target or an upstream ended under load, unasked. Its last words are untrusted text. */
export const targetCrashed: Rule = { rule: "target-crashed", find: findCrash };

function findCrash(trial: TrialRecord): TrialFinding | null {
  const stop = trial.stoppedBy;
  if (stop?.criterion !== "target-died" && stop?.criterion !== "upstream-died") return null;
  const role = stop.criterion === "target-died" ? "target" : upstreamThatDied(trial);
  const words = trial.lastWords[role] ?? [];
  const last = words.at(-1);
  return {
    side: stop.criterion === "target-died" ? sideOf("target") : "upstream",
    bottleneck:
      `${role === "" ? "An upstream" : called(role).replace(/^./, (letter) => letter.toUpperCase())} ended under load ` +
      `after ${shown(stop.atSeconds, 1)} s${last === undefined ? "" : `; its last words: ${last}`}`,
    evidence: [
      fact("ended after", stop.atSeconds, "s"),
      fact("how", stop.detail),
      ...words.slice(-5).map((line) => fact("last words", line)),
    ],
    remedy:
      "Read its log in the trial's folder: no setting can be judged while a part ends. Out of memory, file descriptors (ulimit -n) and an unhandled error are the usual causes.",
  };
}

/** Name of the upstream that left last words; "" where none did. */
function upstreamThatDied(trial: TrialRecord): string {
  return Object.keys(trial.lastWords).find((role) => sideOf(role) === "upstream") ?? "";
}
