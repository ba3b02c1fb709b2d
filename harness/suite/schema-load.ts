import * as z from "zod";
import { parseRatio } from "../core/units.ts";
import { loadVariableProblem } from "./load-env.ts";
import { burstsRate, constantRate, rampRate } from "./rate.ts";
import {
  duration,
  env,
  form,
  inFolder,
  line,
  orElse,
  rate,
  refuse,
  rivalForm,
  share,
  text,
  wholeNumber,
} from "./schema-forms.ts";

/** Schema of what drives the target. */

export const rateAllowed =
  "3000/s, {from: 500/s, to: 3000/s, ramp: 5s} or {base: 100/s, burst: 4000/s, lasting: 500ms, every: 3s}";
const shapedRate = z
  .union(
    [
      rate.transform(constantRate),
      rivalForm("a ramp {from, to, ramp}", { from: rate, to: rate, ramp: duration }).transform(({ from, to, ramp }) =>
        rampRate(from, to, ramp),
      ),
      rivalForm("bursts {base, burst, lasting, every}", { base: rate, burst: rate, lasting: duration, every: duration })
        .refine(({ lasting, every }) => lasting < every, {
          path: ["lasting"],
          error: "a burst must be over before the next begins; use less than every",
        })
        .transform(({ base, burst, lasting, every }) =>
          burstsRate({ basePerSecond: base, burstPerSecond: burst, burstMs: lasting, everyMs: every }),
        ),
    ],
    { error: rateAllowed },
  )
  .describe(
    "Requests a second of the open model: constant, ramp, or bursts at the end of each period. Left out where conditions are given.",
  );
const virtualUsers = wholeNumber("a whole number from 1 to 100000", 1, 100_000).describe(
  "Virtual users of the open model, all allocated beforehand: preAllocatedVUs and maxVUs.",
);
const keepConnections = z
  .boolean({ error: "true or false" })
  .describe(
    "Whether each virtual user keeps its connection to the target open between requests. Default: as the script has it (noConnectionReuse), else true.",
  );
const wholeShare = 0.005;
const scenarios = z
  .record(
    z.string(),
    share("a share above 0% and at most 100%", (written) => {
      const parsed = parseRatio(written);
      return parsed !== null && parsed > 0 && parsed <= 1 ? parsed : null;
    }),
    { error: "a map of the script's scenarios: {browse: 80%, buy: 20%}" },
  )
  .refine((shares) => Math.abs(Object.values(shares).reduce((sum, one) => sum + one, 0) - 1) <= wholeShare, {
    error: "these shares are not 100% together; give each scenario its share of the rate",
  })
  .describe("Shares of the rate that the script's scenarios have. Default: by the script's own rates, or its users.");

export const load = form("a map with script and rate", {
  script: inFolder(line("the k6 script's path in the suite's folder, such as load.ts")).describe(
    "The k6 script (TypeScript or JavaScript), a file in the suite's folder.",
  ),
  rate: shapedRate.optional(),
  virtualUsers: z
    .union([virtualUsers, z.literal("auto")], { error: "a whole number from 1 to 100000, or auto" })
    .default(200)
    .describe(
      "Virtual users of the open model, all allocated beforehand: preAllocatedVUs and maxVUs. auto: 200 for the waiting and, for what iterations take by themselves, half as many again as rate times iteration time.",
    ),
  keepConnections: orElse(keepConnections, null),
  scenarios: orElse(scenarios, null),
  endpoints: text("a tag's name: letters, digits and _", /^[A-Za-z_][A-Za-z0-9_]{0,63}$/)
    .exactOptional()
    .describe(
      "The tag by whose values the script's requests are told apart in the reports, at most 50 of them. Default: `name`.",
    ),
  runners: orElse(wholeNumber("a whole number from 1 to 1000", 1, 1000), null).describe(
    "Pods that share the load in a cluster. Default: what the cluster file says.",
  ),
  env: env
    .superRefine((written, context) => {
      for (const name of Object.keys(written)) {
        const problem = loadVariableProblem(name);
        if (problem !== null) refuse(context, [name], problem, "key");
      }
    })
    .default({})
    .describe(
      `Reaches the script's __ENV. May hold the references of a part's env: \${target.address}, \${folder}, \${env.NAME} (the caller's environment, never stored) …; $\${ is a literal \${. Not K6_*, OTEL_* and what else the generator reads itself.`,
    ),
}).describe("What drives the target.");

/** What of the load a profile may have otherwise; what is left out is the suite's. */
export const profileLoad = form("a map with rate, virtualUsers or keepConnections", {
  rate: shapedRate.exactOptional(),
  virtualUsers: virtualUsers.exactOptional(),
  keepConnections: keepConnections.exactOptional(),
});
