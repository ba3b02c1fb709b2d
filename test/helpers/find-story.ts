import { diagnose } from "../../harness/diagnose/diagnose.ts";
import type { Finding, RuleId } from "../../harness/diagnose/finding.ts";
import type { Remedy } from "../../harness/diagnose/remedy.ts";
import type { NextTrial } from "../../harness/find/move.ts";
import { nextMove } from "../../harness/find/next-move.ts";
import type { ObservedTrial } from "../../harness/find/observed-trial.ts";
import type { Find } from "../../harness/results/find.ts";
import { findingExamples } from "./finding-examples.ts";

/** How a trial of a story ends: its outcome, what it measured, and what its findings say. */
export type Ending = Pick<ObservedTrial, "outcome" | "measures" | "findings"> & Partial<ObservedTrial>;

/** A service in a story: without noise, so that what comes next is the procedure's doing alone. */
export type Story = (trial: NextTrial) => Ending;

/** Every trial that a find asks for, answered by the story, to its end. */
export function playFind(find: Find, story: Story, seconds = 20): ObservedTrial[] {
  const trials: ObservedTrial[] = [];
  for (let sequence = 1; sequence <= 200; sequence += 1) {
    const move = nextMove(find, trials);
    if (move.kind === "done") return trials;
    trials.push(answered(move.trial, story, sequence, seconds));
  }
  throw new Error("the find has no end");
}

export function answered(trial: NextTrial, story: Story, sequence: number, seconds = 20): ObservedTrial {
  const { attempt: _, ...asked } = trial;
  return { valid: true, kept: null, goals: [], seconds, ...story(trial), ...asked, sequence };
}

/** A finding as the rule makes it of its first example, with other remedies where a story needs them. */
export function findingOf(rule: RuleId, remedies?: Remedy[]): Finding {
  const found = diagnose(findingExamples[rule].slice(0, 1)).find((one) => one.rule === rule);
  if (found === undefined) throw new Error(`the example of ${rule} shows something else`);
  return { ...found, remedies: remedies ?? found.remedies };
}

/** It broke after so many requests. */
export function broke(requests: number, ...findings: Finding[]): Ending {
  return { outcome: "broke", measures: { requestsBeforeWall: { value: requests, censored: false } }, findings };
}

/** It served less than was asked. */
export function saturated(perSecond: number, ...findings: Finding[]): Ending {
  const measures = {
    sustainedPerSecond: { value: perSecond, censored: false },
    requestsBeforeWall: { value: 20 * perSecond, censored: true },
  };
  return { outcome: "saturated", measures, findings };
}

/** It served all that was asked. */
export function held(p99: number, ...findings: Finding[]): Ending {
  const measures = {
    "latencyMs.p99": { value: p99, censored: false },
    requestsBeforeWall: { value: 60_000, censored: true },
  };
  return { outcome: "held", measures, findings };
}
