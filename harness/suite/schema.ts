import * as z from "zod";
import { judgedByDefault, type MeasureName } from "../core/measures.ts";
import type { StopCriteria } from "../results/criteria.ts";
import type { Experiment } from "../results/experiment.ts";
import { conditionsOf } from "../results/goals-of.ts";
import type { MeasuredIteration } from "../results/per-iteration.ts";
import type { JudgedMeasure } from "../results/run.ts";
import type { ScriptOptions } from "../results/script.ts";
import { profilesFromFactors } from "./factors.ts";
import { phasesRate, type Rate } from "./rate.ts";
import { compare, duetJudged, hostedMeasures, judgedOf } from "./schema-compare.ts";
import { conditions, wholeMs } from "./schema-conditions.ts";
import { find } from "./schema-find.ts";
import { form, inFolder, line, list, map, orElse, refuse, text, wholeNumber } from "./schema-forms.ts";
import { found, goals, objective, searchFrom, stepMs } from "./schema-goals.ts";
import { clusterName, route } from "./schema-kubernetes.ts";
import { load } from "./schema-load.ts";
import { generator, port, target, upstreams } from "./schema-parts.ts";
import { baselineOnly, factors, profiles } from "./schema-profiles.ts";
import { faults, stop } from "./schema-stop.ts";

/**
 * The one schema of suites: what it takes is the file as it is written, what it gives is the suite. Strict: an unknown key is a
 * fault. What needs two sections of the file to be seen (a reference, a baseline's name) is checked in checks.ts.
 */

const blocksAllowed = "a whole number from 1 to 1000";
const blockCount = wholeNumber(blocksAllowed, 1, 1000);
const blocks = z
  .union(
    [
      blockCount.transform((count) => ({ min: count, max: count })),
      form("a map with min and max", { min: blockCount, max: blockCount }).superRefine(({ min, max }, context) => {
        if (min > max) refuse(context, ["min"], `this is more than max (${max}); use at most as many`);
      }),
    ],
    { error: `${blocksAllowed}, or {min: 6, max: 20}` },
  )
  .optional()
  .describe(
    "How often every profile is run. {min, max}: ends at one of at most three looks fixed in advance, once all is decided or hopeless. Default: 1, or, with compare.preset, as many as its minutes have room for.",
  );

const ignoreAllowed = 'a list of globs of files in the suite\'s folder: ["*.rdb", "data/**"]';

const sentences = "a sentence or a few, at most 4096 characters";

const composed = form("a map with file and target: {file: compose.yaml, target: web}", {
  file: inFolder(line("the compose file's path in the suite's folder")).describe(
    "The compose file, in the suite's folder.",
  ),
  target: line("the name of a service").describe("The service under test; those that it depends on are its upstreams."),
  ports: map("a map of services: NAME: port", line("the name of a service"), port)
    .default({})
    .describe("On which port a service listens, where its ports and expose don't say so."),
  pull: z.boolean({ error: "true or false" }).default(false).describe("Pull images that are not here. Default: never."),
});

/** The sections of the file, each with its defaults but for those that another section gives. */
export const sections = form("a map with name, target, load and stop", {
  name: text(
    "lower-case letters, digits and -, beginning with a letter or digit, at most 63",
    /^[a-z0-9][a-z0-9-]{0,62}$/,
  ).describe("Name of the suite; part of a run's id."),
  description: orElse(
    z.string({ error: sentences }).min(1, { error: sentences }).max(4096, { error: sentences }),
    null,
  ),
  cluster: clusterName
    .optional()
    .transform((name = "local") => (name === "local" ? null : name))
    .describe(
      "Name of the cluster it runs in unless --cluster says otherwise: clusters/NAME/cluster.yaml. Default: this machine.",
    ),
  route: orElse(route, null).describe(
    "How profiles' settings reach the pods in a cluster. Default: what the cluster file says.",
  ),
  compose: orElse(composed, null).describe(
    "In place of target: a compose file, whose services are run as containers by docker or podman on this machine.",
  ),
  target,
  upstreams: upstreams.default({}),
  generator: generator.prefault({}),
  load,
  faults,
  stop: stop.prefault({}),
  profiles: profiles.optional(),
  factors: factors.optional(),
  design: z
    .enum(["factorial", "one-at-a-time", "screening", "duet"], {
      error: "factorial, one-at-a-time or screening (of factors), or duet (of two profiles)",
    })
    .default("factorial")
    .describe(
      "Which combinations of factors are profiles. factorial: all. one-at-a-time: the baseline, each level alone, all, and all but each. screening: of 5 to 20 factors of two levels the runs of a folded Plackett-Burman design. duet, of two profiles: both run at the same time, and one load goes to them in turns.",
    ),
  baseline: line("the name of a profile")
    .optional()
    .describe(
      "The profile that the others are compared with. Default: `baseline`, or the first levels of all factors.",
    ),
  blocks,
  recheck: wholeNumber("a whole number from 0 to 100", 0, 100)
    .default(0)
    .describe("Fresh blocks of the best profile and the baseline after the comparison."),
  retries: wholeNumber("a whole number from 0 to 1000", 0, 1000)
    .optional()
    .describe(
      "How many trials may be repeated over the whole run: invalid ones, and ones in more than a fifth of whose windows others than the run used over a tenth of the CPUs. One of the latter is repeated beside these, unless this is 0. Default: that one alone.",
    ),
  compare: compare.prefault({}),
  goals: goals.optional(),
  objective: objective.optional(),
  conditions: conditions.optional(),
  ignore: orElse(list(ignoreAllowed, inFolder(line(ignoreAllowed))), []).describe(
    "Files of the folder that programs write there and that are no part of what is run, as globs: `*.rdb` at any depth, `data/**`.",
  ),
  results: orElse(inFolder(line("a folder in the suite's")), null).describe(
    "Folder in the suite's that its runs are kept in, unless --results says otherwise. Default: `results` where tunebench is started.",
  ),
  find,
  seed: orElse(wholeNumber("a whole number from 0 to 4294967295", 0, 4_294_967_295), null).describe(
    "Seed of the trials' order; without it each run draws one and records it.",
  ),
  ipVersion: z
    .union([z.literal(4), z.literal(6)], { error: "4 or 6" })
    .default(4)
    .describe("IP version between the parts."),
});

export type Sections = z.output<typeof sections>;

export const composeSection = sections.shape.compose;

/** The suite: the sections, and what one has from another where it does not say so itself. */
export const suite = sections.transform(wholeSuite);

export function wholeSuite(sections: Sections) {
  const { load, stop, profiles, factors, design, baseline, blocks, recheck, retries, compare, ...others } = sections;
  const { goals, objective, conditions, ...same } = others;
  const rate = load.rate ?? phasesRate(conditions ?? []);
  const experiment = experimentOf({ goals, objective, conditions }, rate);
  const compared = comparedProfiles({ profiles, factors, design });
  return {
    ...same,
    /** Of conditions the rate is one stage for each. */
    load: { ...load, rate, virtualUsers: load.virtualUsers === "auto" ? 200 : load.virtualUsers },
    /** Whether the load has as many users as it turns out to need. */
    automaticUsers: load.virtualUsers === "auto",
    /** What the load's script itself says; null until it is read. */
    script: null as ScriptOptions | null,
    /** Modules that the script imports by https: URL -> sha256; {} until it is bundled. */
    imports: {} as Record<string, string>,
    /** What an earlier run measured of the script; null without one. */
    perIteration: null as MeasuredIteration | null,
    stop: stopOf(stop, experiment),
    profiles: compared,
    baseline: baseline ?? (factors === undefined ? "baseline" : (compared[0]?.name ?? "")),
    /** Where the profiles come from: named, all combinations of factors, or each factor alone and all but each; or two named ones that run at the same time. */
    design: designOf(factors, design),
    blocks: blocks ?? (compare.boundMs === null ? { min: 1, max: 1 } : asManyAsFit),
    /** No more blocks are planned than this has room for; null = as many as are asked for. */
    boundMs: compare.boundMs,
    recheckBlocks: recheck,
    retries: retries ?? 0,
    /** Disturbed trials that may be repeated beside those: 1, or 0 where the suite says `retries: 0`. */
    disturbedRetries: retries === 0 || design === "duet" ? (0 as const) : (1 as const),
    tolerance: compare.tolerance,
    judged: compare.judged ?? judgedUnlessSaid({ design: designOf(factors, design), experiment, ...compare }),
    experiment,
  };
}

function comparedProfiles({ profiles, factors, design }: Pick<Sections, "profiles" | "factors" | "design">) {
  return factors === undefined || design === "duet"
    ? (profiles ?? baselineOnly())
    : profilesFromFactors(factors, design);
}

/** More than any bound has room for. */
const asManyAsFit = { min: 1000, max: 1000 };

function designOf(factors: Sections["factors"], design: Sections["design"]) {
  if (design === "duet") return design;
  return factors === undefined ? ("profiles" as const) : design;
}

function experimentOf(
  { conditions, objective, goals = [] }: Pick<Sections, "conditions" | "objective" | "goals">,
  rate: Rate,
): Experiment {
  if (conditions !== undefined) return { kind: "conditions", conditions };
  if (objective === undefined) return { kind: "fixed", goals };
  return { kind: "search", objective: searchFrom(rate.startPerSecond, objective), goals };
}

/** How long the load takes by itself where it is not said: all conditions, or one step of the search. */
function stopOf({ after, ...stop }: Sections["stop"], experiment: Experiment): StopCriteria {
  if (experiment.kind !== "search") return { ...stop, afterMs: after ?? wholeMs(conditionsOf(experiment)) };
  return { ...stop, afterMs: after ?? stepMs(experiment.objective) };
}

interface Comparing {
  design: ReturnType<typeof designOf>;
  experiment: Experiment;
  preset: "hosted" | null;
  tolerance: number;
}

/** What is judged where the suite names no measures of its own. */
function judgedUnlessSaid({ design, experiment, preset, tolerance }: Comparing): JudgedMeasure[] {
  if (design === "duet") return duetJudged(tolerance);
  const names = preset === "hosted" && experiment.kind === "fixed" ? hostedMeasures : judgedByDefaultIn(experiment);
  return names.flatMap((name) => judgedOf(name, {}, tolerance));
}

/**
 * A search asks each profile for other rates, so only its answer can be compared. Conditions ask all profiles for the same
 * rates, so that served requests can be; latency over several rates would mix them.
 */
function judgedByDefaultIn({ kind }: Experiment): readonly MeasureName[] {
  if (kind === "search") return [found];
  return kind === "conditions" ? ["sustainedPerSecond"] : judgedByDefault;
}
