import type { ProfileRecord, RunRecord } from "./run.ts";
import type { TrialRecord } from "./trial.ts";

/**
 * What records of this schemaVersion did not have from the beginning: fields that came when parts could run in a cluster, and when CPU
 * used by others was measured. A run from before ran on its own machine, by no route, with one k6, was refused nothing, and what
 * others used is not known.
 */
export function wholeRun(stored: RunRecord): RunRecord {
  const { environment } = stored.provenance;
  return {
    ...olderRun,
    ...stored,
    profiles: stored.profiles.map((profile) => ({ ...olderProfile, ...profile })),
    provenance: { ...stored.provenance, environment: { ...olderEnvironment, ...environment } },
  };
}

/** The same of a trial. */
export function wholeTrial(stored: TrialRecord): TrialRecord {
  const load = { ...olderLoad, ...stored.load };
  return { ...olderTrial, ...stored, load, evidence: { ...olderEvidence, ...stored.evidence } };
}

/** Goes on as it began: what others disturbed was not repeated. */
const olderRun: Pick<RunRecord, "disturbedRetries"> = { disturbedRetries: 0 };

const olderProfile: Pick<ProfileRecord, "route" | "image" | "nodeSelector"> = {
  route: null,
  image: null,
  nodeSelector: {},
};

const olderEnvironment: Pick<RunRecord["provenance"]["environment"], "kubernetes" | "clusterFile"> = {
  kubernetes: null,
  clusterFile: null,
};

const olderTrial: Pick<TrialRecord, "refusal" | "platform"> = { refusal: null, platform: null };

const olderEvidence: Pick<TrialRecord["evidence"], "otherCpu"> = { otherCpu: null };

const olderLoad: Pick<TrialRecord["load"], "runners" | "startSkewMs"> = { runners: [], startSkewMs: null };
