import * as z from "zod";
import { durationText } from "../core/units.ts";
import type { Condition, ConditionAction } from "../results/goals.ts";
import { shown } from "./problems.ts";
import {
  atKey,
  duration,
  form,
  line,
  list,
  map,
  moment,
  rate,
  refuse,
  rivalForm,
  text,
  wholeNumber,
} from "./schema-forms.ts";
import { conditionGoals } from "./schema-goals.ts";

/** Schema of conditions: phases of the load, with what is done to parts in them. */

const at = moment.describe("When, from the condition's start: 3s.");
const partAllowed = "target or the name of an upstream";
const replica = wholeNumber("a whole number from 1 to 16: which copy of the target", 1, 16)
  .default(1)
  .describe("Which copy of the target.");

const actionAllowed =
  "{at: 3s, kill: db, restartAfter: 2s}, {at: 8s, pause: db, lasting: 1s} or {at: 10s, latency: 100ms, part: db, lasting: 2s}";
const kinds = ["kill", "pause", "latency"];

function actionForm<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return rivalForm(actionAllowed, { at, ...shape }, (key) =>
    kinds.includes(key) ? `${key} can't stand beside another action; give it an item of the list of its own` : null,
  );
}

const killing = actionForm({
  kill: line(partAllowed).describe("Ended by SIGKILL."),
  replica,
  restartAfter: duration.optional().describe("When it is started again. Without it, it stays dead."),
});
const pausing = actionForm({
  pause: line(partAllowed).describe("Stopped (SIGSTOP), then continued."),
  replica,
  lasting: duration,
});
const delaying = actionForm({
  latency: duration.describe("How much later the upstream answers."),
  part: line("the name of an upstream"),
  lasting: duration,
});

const action = z.union([killing, pausing, delaying], { error: actionAllowed }).transform((form): ConditionAction => {
  const atMs = form.at;
  if ("kill" in form) {
    const { kill: part, replica, restartAfter: restartAfterMs = null } = form;
    return { kind: "kill", part, replica, atMs, restartAfterMs };
  }
  const lastingMs = form.lasting;
  if ("pause" in form) return { kind: "pause", part: form.pause, replica: form.replica, atMs, lastingMs };
  return { kind: "latency", part: form.part, atMs, lastingMs, addedMs: form.latency };
});

const conditionName = text(
  "letters, digits, - and _, beginning with a letter, at most 40",
  /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
);

const condition = form("a map with rate and lasting", {
  rate: rate.describe("Requests a second through the whole condition."),
  lasting: duration.describe("How long it lasts."),
  actions: list(`a list of actions: [${actionAllowed}]`, action, 100)
    .optional()
    .describe("What is done to parts, and when."),
  goals: conditionGoals.prefault({}),
})
  .superRefine(({ lasting, actions = [] }, context) => {
    for (const [i, action] of actions.entries()) refuseLate(["actions", i], action, lasting, context);
  })
  .transform(({ rate, lasting, actions = [], goals }) => ({ perSecond: rate, lastingMs: lasting, actions, goals }));

/** What is done is done, and undone, within the condition's time. */
function refuseLate(path: PropertyKey[], action: ConditionAction, lastingMs: number, context: z.RefinementCtx): void {
  if (action.atMs >= lastingMs) {
    refuse(context, [...path, "at"], `the condition lasts ${durationText(lastingMs)}; use an earlier moment`);
  } else if (action.atMs + (takenMs(action) ?? 0) > lastingMs) {
    const [whole, left] = [lastingMs, lastingMs - action.atMs].map(durationText);
    const key = action.kind === "kill" ? "restartAfter" : "lasting";
    refuse(context, [...path, key], `the condition is over by then, after ${whole}; use at most ${left}`);
  }
}

/** How long an action takes until it is undone; null = it is not. */
function takenMs(action: ConditionAction): number | null {
  return action.kind === "kill" ? action.restartAfterMs : action.lastingMs;
}

export const conditions = map("a map of conditions: NAME: {rate, lasting}", conditionName, condition)
  .refine((conditions) => Object.keys(conditions).length > 0, atKey("this is empty; give at least one"))
  .meta({ minProperties: 1 })
  .transform((written) => Object.entries(written).map(([name, condition]): Condition => ({ name, ...condition })))
  .refine((conditions) => wholeMs(conditions) <= longestMs, atKey("together they last over 24 hours; use at most that"))
  .superRefine(refuseOverlaps)
  .transform((conditions) =>
    conditions.map(({ actions, ...condition }) => ({
      ...condition,
      actions: actions.toSorted((a, b) => a.atMs - b.atMs),
    })),
  )
  .describe("In place of load.rate: phases of the load, in this order, each judged by goals of its own.");

const longestMs = 24 * 60 * 60_000;

/** How long conditions take together. */
export function wholeMs(conditions: Condition[]): number {
  return conditions.reduce((sum, { lastingMs }) => sum + lastingMs, 0);
}

/** What is dead or stopped can't be killed or stopped: one action on a part at a time. */
function refuseOverlaps(conditions: Condition[], context: z.RefinementCtx): void {
  const busyUntil = new Map<string, number>();
  for (const { path, action, atMs } of inOrder(conditions)) {
    const what = action.kind === "latency" ? `latency of ${action.part}` : `${action.part} ${action.replica}`;
    const untilMs = busyUntil.get(what) ?? 0;
    if (atMs < untilMs) {
      const why = untilMs === Number.POSITIVE_INFINITY ? "it was killed and stays dead" : "the one before is not over";
      refuse(context, path, `${why} at this moment; ${shown(action.part)} can have one thing done to it at a time`);
    }
    busyUntil.set(what, Math.max(untilMs, atMs + (takenMs(action) ?? Number.POSITIVE_INFINITY)));
  }
}

/** All actions by their moment from the load's start, each with its path. */
function inOrder(conditions: Condition[]) {
  let [beginsMs, endsMs] = [0, 0];
  const all = conditions.flatMap(({ name, lastingMs, actions }) => {
    [beginsMs, endsMs] = [endsMs, endsMs + lastingMs];
    return actions.map((action, i) => ({ path: [name, "actions", i, "at"], action, atMs: beginsMs + action.atMs }));
  });
  return all.toSorted((a, b) => a.atMs - b.atMs);
}
