import { upstreamOfKey } from "./factor-key.ts";
import { form, text } from "./schema-forms.ts";

/** Schema of what a suite says for `tunebench find` alone. */

const leverAllowed =
  "env.NAME, or upstreams.NAME.env.VAR: a variable of the environment that the program reads; or command.--OPTION: an option of the target's command";

/** Whose it is, and where a profile has it: a variable's place is written as a factor's key is. */
const lever = text(
  leverAllowed,
  /^(?:(?:upstreams\.[^.]+\.)?env\.[A-Za-z_][A-Za-z0-9_]*|command\.--?[A-Za-z][\w.-]*)$/,
).transform((place) => ({ role: upstreamOfKey(place) ?? "target", place }));

const levers = form("a map with backlog: env.NAME or command.--OPTION", {
  backlog: lever.optional().describe(`What the program passes to listen(): ${leverAllowed}.`),
})
  .prefault({})
  .transform(({ backlog }) => (backlog === undefined ? [] : [{ what: "backlog" as const, ...backlog }]))
  .describe("Limits of the programs' own that `tunebench find` may try like a setting, and how each is given.");

export const find = form("a map with levers", { levers })
  .prefault({})
  .describe("What `tunebench find` needs to know of the programs.");
