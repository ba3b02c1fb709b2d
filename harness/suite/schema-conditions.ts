import * as z from "zod";
import { duration, form, line, list, map, moment, rate, text, wholeNumber } from "./schema-forms.ts";
import { conditionGoals } from "./schema-goals.ts";

/** Schema of conditions: stretches of the load, with what is done to parts in them. */

const at = moment.meta({ description: "When, from the condition's start: 3s." });
const part = line("target or the name of an upstream");
const replica = wholeNumber("a whole number from 1 to 16: which copy of the target", 1, 16)
  .optional()
  .meta({ description: "Which copy of the target. Default 1." });

const actionAllowed =
  "{at: 3s, kill: db, restartAfter: 2s}, {at: 8s, pause: db, lasting: 1s} or {at: 10s, latency: 100ms, part: db, lasting: 2s}";
const kinds = ["kill", "pause", "latency"];

function actionForm<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return form(actionAllowed, { at, ...shape }, (key) =>
    kinds.includes(key) ? `${key} can't stand beside another action; give it an item of the list of its own` : null,
  );
}

const action = z.union(
  [
    actionForm({
      kill: part.meta({ description: "Ended by SIGKILL." }),
      replica,
      restartAfter: duration.optional().meta({ description: "When it is started again. Without it, it stays dead." }),
    }),
    actionForm({
      pause: part.meta({ description: "Stopped (SIGSTOP), then continued." }),
      replica,
      lasting: duration,
    }),
    actionForm({
      latency: duration.meta({ description: "How much later the upstream answers." }),
      part: line("the name of an upstream"),
      lasting: duration,
    }),
  ],
  { error: actionAllowed },
);

const conditionName = text(
  "letters, digits, - and _, beginning with a letter, at most 40",
  /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
);

const conditionAllowed = "a map with rate and lasting";
const condition = form(conditionAllowed, {
  rate: rate.meta({ description: "Requests a second through the whole condition." }),
  lasting: duration.meta({ description: "How long it lasts." }),
  actions: list(`a list of actions: [${actionAllowed}]`, action, 100)
    .optional()
    .meta({ description: "What is done to parts, and when." }),
  goals: conditionGoals.optional(),
});

export const conditions = map("a map of conditions: NAME: {rate, lasting}", conditionName, condition).meta({
  description: "In place of load.rate: stretches of the load, in this order, each judged by goals of its own.",
});

export type ConditionsForm = z.output<typeof conditions>;
export type ActionForm = NonNullable<ConditionsForm[string]["actions"]>[number];
