import { upstreamOf } from "./factor-key.ts";
import { form, text } from "./schema-forms.ts";

/** Schema of what a suite says for `tunebench find` alone. */

const leverAllowed = "env.NAME, or upstreams.NAME.env.VAR: a variable of the environment that the program reads";

/** Of which part it is a variable, and where a profile has it: a place as a factor's key is written. */
const lever = text(leverAllowed, /^(upstreams\.[^.]+\.)?env\.[A-Za-z_][A-Za-z0-9_]*$/).transform((place) => ({
  role: upstreamOf(place) ?? "target",
  variable: place.slice(place.lastIndexOf(".") + 1),
  place,
}));

const levers = form("a map with backlog: env.NAME", {
  backlog: lever.optional().describe(`What the program passes to listen(): ${leverAllowed}.`),
})
  .prefault({})
  .transform(({ backlog }) => (backlog === undefined ? [] : [{ what: "backlog" as const, ...backlog }]))
  .describe("Limits of the programs' own that `tunebench find` may try like a setting, and how each is given.");

export const find = form("a map with levers", { levers })
  .prefault({})
  .describe("What `tunebench find` needs to know of the programs.");
