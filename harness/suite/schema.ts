import * as z from "zod";
import { conditions } from "./schema-conditions.ts";
import { duration, form, line, list, ratio, text, wholeNumber } from "./schema-forms.ts";
import { compare, goals, objective } from "./schema-goals.ts";
import { clusterName, route } from "./schema-kubernetes.ts";
import { load } from "./schema-load.ts";
import { generator, target, upstreams } from "./schema-parts.ts";
import { factors, profiles } from "./schema-profiles.ts";

/**
 * The suite file as it is written. Strict: an unknown key is a fault. What needs two places of the file to be seen
 * (a reference, a baseline's name) is checked in checks.ts.
 */

const faultKind = text("the name of a fault, such as EADDRNOTAVAIL", /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/);
const faults = list(
  "a list of faults: [{kind: NAME, match: TEXT, in: body}]",
  form("a map with kind, match and in", {
    kind: faultKind.meta({ description: "Name under which it is counted." }),
    match: line("text that only this fault has").meta({ description: "Text by which it is known; case is ignored." }),
    in: z.enum(["body", "log"], { error: "body (of a failed response) or log (the target's output)" }),
  }),
  100,
).meta({
  description:
    "Faults to tell apart, beside the built-in ones (EADDRNOTAVAIL, ECONNREFUSED, ECONNRESET, ETIMEDOUT, EMFILE).",
});

const windows = wholeNumber("a whole number of consecutive windows, from 1 to 1000", 1, 1000);
const percentile = duration.optional();
const stop = form("a map with after, and fault, requests, latency or cliff", {
  fault: form("a map with ratio and windows, and kind for one fault only", {
    kind: faultKind.optional().meta({ description: "This fault only; without it, any." }),
    ratio: ratio.meta({ description: "Share of a window's requests that failed by it: 1%." }),
    windows,
  }).optional(),
  requests: wholeNumber("a whole number of requests, 1 or more", 1, 1_000_000_000)
    .optional()
    .meta({ description: "A profile that got this far without breaking is censored, not measured." }),
  after: duration.optional().meta({
    description: "Longest time of a trial's load. Required, unless conditions or an objective say how long it takes.",
  }),
  latency: form("one of p50, p90, p99 with its ceiling, and windows", {
    p50: percentile,
    p90: percentile,
    p99: percentile,
    windows,
  })
    .optional()
    .meta({ description: "A percentile above a ceiling: {p99: 500ms, windows: 4}." }),
  cliff: form("a map with windows", { windows })
    .optional()
    .meta({ description: "Stop once the scan cliff has lasted so long." }),
}).meta({ description: "When a trial's load ends; the first to come decides." });

const blocksAllowed = "a whole number from 1 to 1000";
const blockCount = wholeNumber(blocksAllowed, 1, 1000);
const blocks = z.union([blockCount, form("a map with min and max", { min: blockCount, max: blockCount })], {
  error: `${blocksAllowed}, or {min: 6, max: 20}`,
});

const sentences = "a sentence or a few, at most 4096 characters";

export const suiteForm = form("a map with name, target, load, stop and profiles", {
  name: text(
    "lower-case letters, digits and -, beginning with a letter or digit, at most 63",
    /^[a-z0-9][a-z0-9-]{0,62}$/,
  ).meta({
    description: "Name of the suite; part of a run's id.",
  }),
  description: z.string({ error: sentences }).min(1, { error: sentences }).max(4096, { error: sentences }).optional(),
  cluster: clusterName.optional().meta({
    description:
      "Name of the cluster it runs in unless --cluster says otherwise: clusters/NAME/cluster.yaml. Default: this machine.",
  }),
  route: route.optional().meta({
    description: "How profiles' settings reach the pods in a cluster. Default: what the cluster file says.",
  }),
  target,
  upstreams: upstreams.optional(),
  generator: generator.optional(),
  load,
  faults: faults.optional(),
  stop: stop.optional(),
  profiles: profiles.optional(),
  factors: factors.optional(),
  design: z.enum(["factorial", "one-at-a-time"], { error: "factorial or one-at-a-time" }).optional().meta({
    description:
      "Which combinations of factors are profiles. factorial (default): all. one-at-a-time: the baseline, each level alone, all, and all but each.",
  }),
  baseline: line("the name of a profile").optional().meta({
    description:
      "The profile that the others are compared with. Default: `baseline`, or the first levels of all factors.",
  }),
  blocks: blocks.optional().meta({
    description:
      "How often every profile is run. Default 1. {min, max}: ends at one of at most three looks fixed in advance, once all is decided or hopeless.",
  }),
  recheck: wholeNumber("a whole number from 0 to 100", 0, 100).optional().meta({
    description: "Fresh blocks of the best profile and the baseline after the comparison. Default 0.",
  }),
  retries: wholeNumber("a whole number from 0 to 1000", 0, 1000).optional().meta({
    description:
      "How many trials may be repeated over the whole run: invalid ones, and ones in more than a fifth of whose windows others than the run used over a tenth of the CPUs. One of the latter is repeated beside these, unless this is 0. Default: that one alone.",
  }),
  compare: compare.optional(),
  goals: goals.optional(),
  objective: objective.optional(),
  conditions: conditions.optional(),
  seed: wholeNumber("a whole number from 0 to 4294967295", 0, 4_294_967_295)
    .optional()
    .meta({ description: "Seed of the trials' order; without it each run draws one and records it." }),
  ipVersion: z
    .union([z.literal(4), z.literal(6)], { error: "4 or 6" })
    .optional()
    .meta({ description: "IP version between the parts. Default 4." }),
});

export type SuiteForm = z.output<typeof suiteForm>;
