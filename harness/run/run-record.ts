import type { RunRecord } from "../results/run.ts";
import { newRunId } from "../results/run-id.ts";
import { schemaVersion } from "../results/trial.ts";
import { peakPerSecond, rampEndMs } from "../suite/rate.ts";
import { rateText } from "../suite/rate-text.ts";
import type { LoadChanges, Profile, Suite } from "../suite/suite.ts";
import type { SuiteCopy } from "./copy-suite.ts";
import type { ExecuteRequest } from "./execute-run.ts";
import { gatherProvenance } from "./provenance.ts";

/** run.json as it stands before the first trial. */
export function newRunRecord(request: ExecuteRequest, copy: SuiteCopy): RunRecord {
  const { suite, plan } = request;
  const at = new Date();
  return {
    schemaVersion,
    id: newRunId(suite.name, at),
    suite: suite.name,
    description: suite.description,
    suiteFile: suite.file,
    kind: "experiment",
    startedAt: at.toISOString(),
    seed: plan.seed,
    blocks: plan.blocks,
    looks: [],
    recheckBlocks: suite.recheckBlocks,
    retries: suite.retries,
    baseline: suite.baseline,
    tolerance: suite.tolerance,
    judged: suite.judged,
    design: suite.design,
    objective: suite.objective,
    goals: suite.goals,
    conditions: suite.conditions,
    calibration: null,
    profiles: plan.profiles.map((profile) => profileRecord(suite, profile)),
    order: plan.order,
    predictions: plan.predictions,
    load: {
      peakPerSecond: peakPerSecond(suite.load.rate),
      rampSeconds: rampEndMs(suite.load.rate) / 1000,
      virtualUsers: suite.load.virtualUsers,
      keepConnections: suite.load.keepConnections,
    },
    stop: suite.stop,
    faults: suite.faults,
    digests: copy.digests,
    provenance: gatherProvenance(request.environment, request.cluster, request.k6.version),
    doubts: [...plan.warnings, ...copy.doubts],
    ended: null,
  };
}

function profileRecord(suite: Suite, profile: Profile): RunRecord["profiles"][number] {
  const roles = { target: profile.sysctls, generator: profile.generatorSysctls, ...profile.upstreamSysctls };
  return {
    name: profile.name,
    sysctls: Object.fromEntries(changed(roles)),
    env: profile.env,
    upstreamEnv: Object.fromEntries(changed(profile.upstreamEnv)),
    command: profile.command,
    rps: profile.rps ?? suite.target.rps,
    load: loadText(profile.load ?? {}),
    levels: profile.levels,
  };
}

/** Roles of which anything is set. */
function changed(byRole: Record<string, Record<string, string>>): [string, Record<string, string>][] {
  return Object.entries(byRole).filter(([, settings]) => Object.keys(settings).length > 0);
}

function loadText({ rate, virtualUsers, keepConnections }: LoadChanges): Record<string, string> {
  return {
    ...(rate === undefined ? {} : { rate: rateText(rate) }),
    ...(virtualUsers === undefined ? {} : { virtualUsers: String(virtualUsers) }),
    ...(keepConnections === undefined ? {} : { keepConnections: String(keepConnections) }),
  };
}
