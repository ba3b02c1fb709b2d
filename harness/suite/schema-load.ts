import * as z from "zod";
import { parseRatio } from "../core/units.ts";
import { loadVariableProblem } from "./load-env.ts";
import { burstsRate, constantRate, rampRate } from "./rate.ts";
import {
  choice,
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

export const shapedRateAllowed =
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
    { error: shapedRateAllowed },
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

const onlyLocust = "k6 begins iterations by the clock, there is no wait to pace; leave it out";

/** What a locustfile itself says. */
const onlyK6 = {
  keepConnections: "Locust's users keep their connections or not as the locustfile has it; leave it out",
  scenarios: "Locust's tasks and users have weights of their own in the locustfile; leave it out",
  endpoints: "Locust tells requests apart by the name that the locustfile gives them; leave it out",
};
const notOfLocust = ["keepConnections", "scenarios", "endpoints"] as const;

export const load = form("a map with script and rate", {
  engine: choice(["k6", "locust"])
    .default("k6")
    .describe("What makes the load. locust: script is a locustfile, the rate is of its tasks (docs/locust.md)."),
  script: inFolder(line("the script's path in the suite's folder, such as load.ts or locustfile.py")).describe(
    "The k6 script (TypeScript or JavaScript) or the locustfile, a file in the suite's folder.",
  ),
  pace: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe(
      "Locust alone: whether each user waits for its part of the rate (constant_throughput) in place of the locustfile's own wait_time.",
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
    .default({})
    .describe(
      `Reaches the script's __ENV. May hold the references of a part's env: \${target.address}, \${folder}, \${env.NAME} (the caller's environment, never stored) …; $\${ is a literal \${. Not K6_*, OTEL_* and what else the generator reads itself.`,
    ),
})
  .superRefine(({ engine, env, ...load }, context) => {
    for (const name of Object.keys(env)) {
      const problem = loadVariableProblem(name, engine);
      if (problem !== null) refuse(context, ["env", name], problem, "key");
    }
    if (engine === "k6" && load.pace) refuse(context, ["pace"], onlyLocust, "key");
    for (const key of notOfLocust) {
      const said = load[key] !== null && load[key] !== undefined;
      if (engine === "locust" && said) refuse(context, [key], onlyK6[key], "key");
    }
  })
  .describe("What drives the target.");

/** What of the load a profile may have otherwise; what is left out is the suite's. */
export const profileLoad = form("a map with rate, virtualUsers or keepConnections", {
  rate: shapedRate.exactOptional(),
  virtualUsers: virtualUsers.exactOptional(),
  keepConnections: keepConnections.exactOptional(),
});
