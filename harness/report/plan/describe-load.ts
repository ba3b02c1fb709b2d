import { formatGoal } from "../../core/measures.ts";
import { formatCount, formatDecimal, formatSpan } from "../../core/numbers.ts";
import { formatChosen, formatPercent, formatSeconds } from "../../core/units.ts";
import { counted, listWords, wrap } from "../../core/words.ts";
import { usersNeeded } from "../../plan/users-needed.ts";
import type { Condition, ConditionAction, Goal, SearchObjective } from "../../results/goals.ts";
import { goalsOf } from "../../results/goals-of.ts";
import type { MeasuredIteration } from "../../results/per-iteration.ts";
import { rateText } from "../../suite/rate-text.ts";
import type { LoadChanges, Profile, Suite } from "../../suite/suite.ts";

/** What drives the target and until when: one load, a search for the rate, or conditions; and what it must keep. */
export function loadLines(suite: Suite, profiles: Profile[], width: number): string[] {
  const goals = goalsOf(suite.experiment);
  const ends = `a trial ends at ${stopText(suite)}.`;
  return [
    ...(suite.experiment.kind === "conditions"
      ? [...conditionLines(suite.experiment.conditions, width), ...wrap(`Load: the conditions; ${ends}`, width)]
      : suite.experiment.kind === "search"
        ? searchLines(suite.experiment.objective, ends, width)
        : wrap(`Load: ${rateText(suite.load.rate)}; ${ends}`, width)),
    ...ownLoads(suite, profiles).flatMap((line) => wrap(line, width, "  ", "")),
    ...copies(suite),
    ...scriptLines(suite, width),
    ...(goals.length === 0 ? [] : wrap(`Goals of each trial: ${goalsText(goals)}.`, width)),
  ];
}

function searchLines(objective: SearchObjective, ends: string, width: number): string[] {
  const { fromPerSecond, toPerSecond, precision, holdingMs, rampMs, steps } = objective;
  const stepSeconds = (rampMs + holdingMs) / 1000;
  const way = `doubled from ${formatChosen(fromPerSecond, "1/s")} up to ${formatChosen(toPerSecond, "1/s")} until a goal is missed, then narrowed down to ${formatChosen(precision, "fraction")}, then confirmed`;
  const step = `held for ${formatChosen(holdingMs / 1000, "s")} after a ramp of ${formatChosen(rampMs / 1000, "s")}`;
  return [
    ...wrap(`Search: the highest rate that keeps the goals: ${way}. Each rate is ${step}; ${ends}`, width),
    ...wrap(
      `At most ${counted(steps, "trial")} and ${formatSpan(steps * stepSeconds)} of load for each profile and block. What its ports sustain by arithmetic (usable ports / 60 s) stands below as "sustains".`,
      width,
      "",
    ),
  ];
}

function conditionLines(conditions: Condition[], width: number): string[] {
  const wholeMs = conditions.reduce((sum, { lastingMs }) => sum + lastingMs, 0);
  return [
    `Conditions, one after the other, ${formatChosen(wholeMs / 1000, "s")} together:`,
    ...conditions.flatMap(({ name, perSecond, lastingMs, goals, actions }) => {
      const keeps = goals.length === 0 ? "" : `, keeping ${goalsText(goals)}`;
      return [
        ...wrap(
          `${name}: ${formatChosen(perSecond, "1/s")} for ${formatChosen(lastingMs / 1000, "s")}${keeps}`,
          width,
          "    ",
          "  ",
        ),
        ...actions.flatMap((action) =>
          wrap(`after ${formatChosen(action.atMs / 1000, "s")} ${actionText(action)}`, width, "      ", "    "),
        ),
      ];
    }),
  ];
}

function actionText(action: ConditionAction): string {
  if (action.kind === "latency") {
    return `${action.part} answers ${formatChosen(action.addedMs, "ms")} later, for ${formatChosen(action.lastingMs / 1000, "s")}`;
  }
  const who = action.replica === 1 ? action.part : `copy ${action.replica} of ${action.part}`;
  if (action.kind === "pause") return `${who} is stopped (SIGSTOP) for ${formatChosen(action.lastingMs / 1000, "s")}`;
  const back = action.restartAfterMs;
  return `${who} is killed${back === null ? " and stays dead" : `, started again after ${formatChosen(back / 1000, "s")}`}`;
}

function goalsText(goals: Goal[]): string {
  return goals.map(formatGoal).join(", ");
}

function ownLoads({ design }: Suite, profiles: Profile[]): string[] {
  if (design !== "profiles") return [];
  return profiles.flatMap(({ name, load }) => (load === null ? [] : [`Load of ${name}: ${changesText(load)}.`]));
}

function changesText({ rate, virtualUsers, keepConnections }: LoadChanges): string {
  return [
    ...(rate === undefined ? [] : [rateText(rate)]),
    ...(virtualUsers === undefined ? [] : [`${formatCount(virtualUsers)} virtual users`]),
    ...(keepConnections === undefined ? [] : [`connections ${keepConnections ? "kept" : "closed after each request"}`]),
  ].join(", ");
}

function copies({ target }: Suite): string[] {
  return target.replicas === 1 ? [] : [`Target: ${target.replicas} copies, the load goes to all of them.`];
}

/** What the rate comes to by the script; nothing of a script that is one request in each iteration, as far as is known. */
function scriptLines(suite: Suite, width: number): string[] {
  const { script, perIteration, load } = suite;
  const shares = (script?.scenarios ?? []).map(({ name, share }) => `${name} ${formatPercent(share)}`);
  const users = usersNeeded(suite);
  return [
    ...(shares.length < 2 ? [] : [`Scenarios of the script, by their shares of the rate: ${shares.join(", ")}.`]),
    ...(perIteration === null ? [] : [iterationText(perIteration)]),
    ...(users === null && !suite.automaticUsers
      ? []
      : [
          `Virtual users: ${formatCount(load.virtualUsers)}${suite.automaticUsers ? " (auto)" : ""}${users === null ? "" : `; the rate keeps about ${formatCount(users)} busy`}.`,
        ]),
  ].flatMap((line) => wrap(line, width, "  ", ""));
}

function iterationText({ run, requests, connections, lastedMs }: MeasuredIteration): string {
  const opened = connections === null ? "" : `, ${formatDecimal(connections)} new connections of the target`;
  return `An iteration: ${formatDecimal(requests)} requests${opened}, ${formatSeconds(lastedMs / 1000)} (measured in ${run}).`;
}

function stopText({ stop }: Suite): string {
  const ends = [`${formatChosen(stop.afterMs / 1000, "s")}`];
  if (stop.requests !== null) ends.unshift(`${formatCount(stop.requests)} requests`);
  if (stop.saturated !== null) {
    ends.unshift(`less served than asked in ${counted(stop.saturated.windows, "window")}`);
  }
  if (stop.decided !== undefined) ends.unshift("twice what the baseline served before its wall, with level ports");
  if (stop.cliff !== null) ends.unshift(`a scan cliff of ${counted(stop.cliff.windows, "window")}`);
  if (stop.latency !== null) {
    const { quantile, aboveMs, windows } = stop.latency;
    ends.unshift(`${quantile} above ${formatChosen(aboveMs, "ms")} in ${counted(windows, "window")}`);
  }
  if (stop.fault !== null) {
    const { kind, ratio, windows } = stop.fault;
    ends.unshift(
      `${kind ?? "any fault"} in ${formatChosen(ratio, "fraction")} of requests in ${counted(windows, "window")}`,
    );
  }
  return ends.length === 1 ? `${ends[0]}` : `${listWords(ends, "or")}, whichever is first`;
}
