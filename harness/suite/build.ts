import { dirname, resolve } from "node:path";
import type { Experiment } from "../results/experiment.ts";
import { conditionsOf } from "../results/experiment.ts";
import { buildConditions, buildJudged, buildObjective } from "./build-judged.ts";
import { buildLoad, buildLoadChanges, buildStop } from "./build-load.ts";
import { buildPart } from "./build-part.ts";
import { emptyProfile, profilesFromFactors } from "./factors.ts";
import { withBuiltInFaults } from "./faults.ts";
import type { SuiteForm } from "./schema.ts";
import { isLongProfile, type ProfileForm } from "./schema-profiles.ts";
import type { Load, Profile, Suite } from "./suite.ts";

/** The checked form with its defaults, as the rest of the house uses it. */
export function buildSuite(form: SuiteForm, file: string): Suite {
  const profiles = buildProfiles(form);
  const load = buildLoad(form);
  const experiment = buildExperiment(form, load);
  return {
    name: form.name,
    description: form.description ?? null,
    folder: dirname(resolve(file)),
    file: resolve(file),
    cluster: form.cluster === undefined || form.cluster === "local" ? null : form.cluster,
    route: form.route ?? null,
    target: { ...buildPart(form.target), replicas: form.target.replicas ?? 1 },
    upstreams: mapValues(form.upstreams ?? {}, buildPart),
    generator: { sysctls: form.generator?.sysctls ?? {}, cpus: form.generator?.cpus ?? null },
    load,
    faults: withBuiltInFaults(form.faults ?? []),
    stop: buildStop(form.stop, wholeMs(experiment)),
    profiles,
    baseline: form.baseline ?? defaultBaseline(form, profiles),
    blocks: typeof form.blocks === "object" ? form.blocks : { min: form.blocks ?? 1, max: form.blocks ?? 1 },
    design: form.factors === undefined ? "profiles" : (form.design ?? "factorial"),
    recheckBlocks: form.recheck ?? 0,
    retries: form.retries ?? 0,
    disturbedRetries: form.retries === 0 ? 0 : 1,
    seed: form.seed ?? null,
    ipVersion: form.ipVersion ?? 4,
    tolerance: form.compare?.tolerance ?? 0.05,
    judged: buildJudged(form),
    experiment,
  };
}

/** How long the load takes by itself: all conditions, or one step of the search. */
function wholeMs(experiment: Experiment): number {
  if (experiment.kind === "search") return experiment.objective.rampMs + experiment.objective.holdingMs;
  return conditionsOf(experiment).reduce((sum, { lastingMs }) => sum + lastingMs, 0);
}

function buildExperiment({ objective, conditions, goals = [] }: SuiteForm, { rate }: Load): Experiment {
  if (conditions !== undefined) return { kind: "conditions", conditions: buildConditions(conditions) };
  if (objective === undefined) return { kind: "fixed", goals };
  const firstPerSecond = rate.stages.length === 0 ? rate.startPerSecond : 1;
  return { kind: "search", objective: buildObjective(objective, firstPerSecond), goals };
}

/** All profiles that a suite's form gives: from `profiles:` or from `factors:`. */
function buildProfiles(form: Pick<SuiteForm, "profiles" | "factors" | "design">): Profile[] {
  if (form.factors !== undefined) return profilesFromFactors(form.factors, form.design ?? "factorial");
  return Object.entries(form.profiles ?? {}).map(([name, profile]) => buildProfile(name, profile));
}

/** `baseline` among the profiles, or the first levels of all factors. */
function defaultBaseline(form: Pick<SuiteForm, "factors">, profiles: Profile[]): string {
  return form.factors === undefined ? "baseline" : (profiles[0]?.name ?? "");
}

function buildProfile(name: string, form: ProfileForm): Profile {
  if (!isLongProfile(form)) return { ...emptyProfile(name), sysctls: form };
  return {
    ...emptyProfile(name),
    sysctls: form.sysctls ?? {},
    generatorSysctls: form.generator?.sysctls ?? {},
    upstreamSysctls: mapValues(form.upstreams ?? {}, (role) => role.sysctls ?? {}),
    env: form.env ?? {},
    upstreamEnv: mapValues(form.upstreams ?? {}, (role) => role.env ?? {}),
    command: form.command ?? null,
    rps: form.rps ?? null,
    route: form.route ?? null,
    image: form.image ?? null,
    nodeSelector: form.nodeSelector ?? {},
    load: form.load === undefined ? null : buildLoadChanges(form.load),
  };
}

function mapValues<In, Out>(record: Record<string, In>, change: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
