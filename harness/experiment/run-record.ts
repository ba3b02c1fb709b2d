import { redactedCommand, redactedEnv, redactedValue } from "../core/secrets.ts";
import type { Plan } from "../plan/make-plan.ts";
import type { Caveat } from "../results/caveats.ts";
import type { Calibration, ProfileRecord, Provenance, RunRecord } from "../results/run.ts";
import { newRunId } from "../results/run-id.ts";
import { schemaVersion } from "../results/schema-version.ts";
import type { ScriptOptions } from "../results/script.ts";
import { type DeliveryRoute, routeOf } from "../suite/cluster.ts";
import { peakPerSecond, rampEndMs } from "../suite/rate.ts";
import { rateText } from "../suite/rate-text.ts";
import { keepsConnections, type LoadChanges, type Profile, type Suite } from "../suite/suite.ts";
import type { SuiteCopy } from "./copy-suite.ts";

/** What a new run is made of. */
export interface NewRun {
  suite: Suite;
  plan: Plan;
  kind: RunRecord["kind"];
  provenance: Provenance;
  copy: SuiteCopy;
  /** The cluster's; null on this machine. */
  route: DeliveryRoute | null;
  /** What is known of the noise here, and what speaks against what was found. */
  noise: { calibration: Calibration | null; caveats: Caveat[] };
}

/** run.json as it stands before the first trial. */
export function newRunRecord({ suite, plan, kind, provenance, copy, route, noise }: NewRun): RunRecord {
  const at = new Date();
  return {
    schemaVersion,
    id: newRunId(suite.name, at),
    suite: suite.name,
    description: suite.description,
    suiteFile: suite.file,
    kind,
    startedAt: at.toISOString(),
    seed: plan.seed,
    blocks: plan.blocks,
    looks: plan.looks,
    recheckBlocks: suite.recheckBlocks,
    retries: suite.retries,
    disturbedRetries: suite.disturbedRetries,
    baseline: suite.baseline,
    tolerance: suite.tolerance,
    judged: suite.judged,
    design: suite.design,
    experiment: suite.experiment,
    calibration: noise.calibration,
    profiles: plan.profiles.map((profile) => profileRecord(suite, profile, route)),
    order: plan.order,
    predictions: plan.predictions,
    load: {
      engine: suite.load.engine,
      peakPerSecond: peakPerSecond(suite.load.rate),
      rampSeconds: rampEndMs(suite.load.rate) / 1000,
      virtualUsers: suite.load.virtualUsers,
      keepConnections: keepsConnections(suite),
    },
    script: suite.script === null ? null : withoutSecretEnv(suite.script),
    stop: suite.stop,
    faults: suite.faults,
    digests: copy.digests,
    provenance,
    caveats: [...plan.caveats, ...copy.caveats, ...noise.caveats],
    ended: null,
  };
}

/**
 * A profile as run.json has it: what it changes against the suite; roles of which it changes nothing are left out. `route` is the
 * cluster's own, null on this machine: no route leads anywhere then.
 */
export function profileRecord(suite: Suite, profile: Profile, route: DeliveryRoute | null): ProfileRecord {
  const roles = { target: profile.sysctls, generator: profile.generatorSysctls, ...profile.upstreamSysctls };
  return {
    name: profile.name,
    sysctls: Object.fromEntries(changed(roles)),
    env: redactedEnv(profile.env),
    upstreamEnv: Object.fromEntries(changed(profile.upstreamEnv).map(([role, env]) => [role, redactedEnv(env)])),
    command: profile.command === null ? null : redactedCommand(profile.command),
    rps: profile.rps ?? suite.target.rps,
    route: route === null ? null : routeOf(profile, suite, { route }),
    image: profile.image,
    nodeSelector: profile.nodeSelector,
    load: loadText(profile.load ?? {}),
    levels: redactedLevels(profile),
  };
}

/** A factor's level may be a variable's value. */
function redactedLevels({ levels, env, upstreamEnv }: Profile): Record<string, string> {
  const hidden = new Map(
    [env, ...Object.values(upstreamEnv)]
      .flatMap(Object.entries)
      .map(([name, value]) => [value, redactedValue(name, value)]),
  );
  return Object.fromEntries(Object.entries(levels).map(([factor, level]) => [factor, hidden.get(level) ?? level]));
}

/** Roles of which anything is set. */
function changed(byRole: Record<string, Record<string, string>>): [string, Record<string, string>][] {
  return Object.entries(byRole).filter(([, settings]) => Object.keys(settings).length > 0);
}

function withoutSecretEnv(script: ScriptOptions): ScriptOptions {
  return { ...script, scenarios: script.scenarios.map((one) => ({ ...one, env: redactedEnv(one.env) })) };
}

function loadText({ rate, virtualUsers, keepConnections }: LoadChanges): Record<string, string> {
  return {
    ...(rate === undefined ? {} : { rate: rateText(rate) }),
    ...(virtualUsers === undefined ? {} : { virtualUsers: String(virtualUsers) }),
    ...(keepConnections === undefined ? {} : { keepConnections: String(keepConnections) }),
  };
}
