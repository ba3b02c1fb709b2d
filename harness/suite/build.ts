import { dirname, resolve } from "node:path";
import { betterDirection, judgedByDefault } from "../results/judged-measures.ts";
import { emptyProfile, profilesFromFactors } from "./factors.ts";
import { withBuiltInFaults } from "./faults.ts";
import type { SuiteForm } from "./schema.ts";
import type { PartForm } from "./schema-parts.ts";
import { isLongProfile, type ProfileForm } from "./schema-profiles.ts";
import type { Load, Part, Profile, RateShape, Readiness, StopCriteria, Suite } from "./suite.ts";

/** The checked form with its defaults, as the rest of the house uses it. */
export function buildSuite(form: SuiteForm, file: string): Suite {
  const profiles = buildProfiles(form);
  return {
    name: form.name,
    description: form.description ?? null,
    folder: dirname(resolve(file)),
    file: resolve(file),
    target: buildPart(form.target),
    upstreams: mapValues(form.upstreams ?? {}, buildPart),
    generator: { sysctls: form.generator?.sysctls ?? {}, cpus: form.generator?.cpus ?? null },
    load: buildLoad(form.load),
    faults: withBuiltInFaults(form.faults ?? []),
    stop: buildStop(form.stop),
    profiles,
    baseline: form.baseline ?? defaultBaseline(form, profiles),
    blocks: { min: form.blocks ?? 1, max: form.blocks ?? 1 },
    design: form.factors === undefined ? "profiles" : "factorial",
    recheckBlocks: 0,
    retries: 0,
    seed: form.seed ?? null,
    ipVersion: form.ipVersion ?? 4,
    tolerance: form.compare?.tolerance ?? 0.05,
    judged: judgedByDefault.map((name) => ({
      name,
      direction: betterDirection[name],
      tolerance: form.compare?.tolerance ?? 0.05,
    })),
    objective: null,
    goals: [],
    conditions: [],
  };
}

/** All profiles that a suite's form gives: from `profiles:` or from `factors:`. */
function buildProfiles(form: Pick<SuiteForm, "profiles" | "factors">): Profile[] {
  if (form.factors !== undefined) return profilesFromFactors(form.factors);
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
    command: form.command ?? null,
    rps: form.rps ?? null,
  };
}

function buildPart(form: PartForm): Part {
  return {
    command: form.command,
    port: form.port,
    ready: buildReadiness(form.ready),
    env: form.env ?? {},
    sysctls: form.sysctls ?? {},
    cpus: form.cpus ?? null,
    ordinaryUser: form.ordinaryUser ?? false,
    rps: form.rps ?? null,
    replicas: 1,
  };
}

function buildReadiness(form: PartForm["ready"]): Readiness {
  const withinMs = form?.within ?? 10_000;
  if (form !== undefined && "http" in form) return { check: { kind: "http", path: form.http }, withinMs };
  if (form !== undefined && "log" in form) return { check: { kind: "log", text: form.log }, withinMs };
  return { check: { kind: "tcp" }, withinMs };
}

function buildLoad(form: SuiteForm["load"]): Load {
  return {
    script: form.script,
    rate: buildRate(form.rate),
    virtualUsers: form.virtualUsers ?? 200,
    keepConnections: form.keepConnections ?? true,
    env: form.env ?? {},
  };
}

function buildRate(form: SuiteForm["load"]["rate"]): RateShape {
  if (typeof form === "number") return { kind: "constant", perSecond: form };
  if ("ramp" in form) return { kind: "ramp", fromPerSecond: form.from, toPerSecond: form.to, rampMs: form.ramp };
  return {
    kind: "bursts",
    basePerSecond: form.base,
    burstPerSecond: form.burst,
    burstMs: form.lasting,
    everyMs: form.every,
  };
}

function buildStop(form: SuiteForm["stop"]): StopCriteria {
  const { fault, cliff } = form;
  return {
    fault: fault === undefined ? null : { kind: fault.kind ?? null, ratio: fault.ratio, windows: fault.windows },
    requests: form.requests ?? null,
    afterMs: form.after,
    latency: buildLatency(form.latency),
    cliff: cliff === undefined ? null : { windows: cliff.windows },
  };
}

function buildLatency(form: SuiteForm["stop"]["latency"]): StopCriteria["latency"] {
  for (const quantile of ["p50", "p90", "p99"] as const) {
    const aboveMs = form?.[quantile];
    if (form !== undefined && aboveMs !== undefined) return { quantile, aboveMs, windows: form.windows };
  }
  return null;
}

function mapValues<In, Out>(record: Record<string, In>, change: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
