import * as z from "zod";
import { duration, env, form, line, rate, wholeNumber } from "./schema-forms.ts";

/** Schema of what drives the target. */

export const rateAllowed =
  "3000/s, {from: 500/s, to: 3000/s, ramp: 5s} or {base: 100/s, burst: 4000/s, lasting: 500ms, every: 3s}";
const rateShape = z.union(
  [
    rate,
    form("a ramp {from, to, ramp}", { from: rate, to: rate, ramp: duration }),
    form("bursts {base, burst, lasting, every}", { base: rate, burst: rate, lasting: duration, every: duration }),
  ],
  { error: rateAllowed },
);

export const virtualUsersAllowed = "a whole number from 1 to 100000";
/** What of the load a profile may have otherwise; all of it is optional there and here. */
const ofProfiles = {
  rate: rateShape.optional().meta({
    description:
      "Requests a second of the open model: constant, ramp, or bursts at the end of each period. Left out where conditions are given.",
  }),
  virtualUsers: wholeNumber(virtualUsersAllowed, 1, 100_000)
    .optional()
    .meta({ description: "Virtual users of the open model, all allocated beforehand. Default 200." }),
  keepConnections: z.boolean({ error: "true or false" }).optional().meta({
    description: "Whether each virtual user keeps its connection to the target between requests. Default true.",
  }),
};

export const load = form("a map with script and rate", {
  script: line("the k6 script's path in the suite's folder, such as load.ts").meta({
    description: "The k6 script (TypeScript or JavaScript), a file in the suite's folder.",
  }),
  ...ofProfiles,
  runners: wholeNumber("a whole number from 1 to 1000", 1, 1000).optional().meta({
    description: "Pods that share the load in a cluster. Default: what the cluster file says.",
  }),
  env: env.optional().meta({ description: "Reaches the script's __ENV as it is written." }),
}).meta({ description: "What drives the target." });

export const profileLoad = form("a map with rate, virtualUsers or keepConnections", ofProfiles);

export type LoadForm = z.output<typeof load>;
export type ProfileLoadForm = z.output<typeof profileLoad>;
export type RateForm = z.output<typeof rateShape>;
