import { join } from "node:path";
import { portsOf } from "../core/ports.ts";
import { replicaRole, targetRoles } from "../core/roles.ts";
import { inScope, type Scope } from "../core/scope.ts";
import type { ResponsesTold } from "../engines/engine.ts";
import type { ProgressListener } from "../results/progress.ts";
import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { type Digests, openTrialFolder } from "../results/write.ts";
import type { Profile, Suite } from "../suite/suite.ts";
import { PartFailure } from "../testbeds/failures.ts";
import type { RunBed, RunningPart, TrialBed } from "../testbeds/testbed.ts";
import { baselineWall } from "./baseline-wall.ts";
import { driveLoad } from "./drive-load.ts";
import { duetSuite, duetTrials, failedTrials, type RecordedTrial } from "./duet-arms.ts";
import { samePlace, settledRecord } from "./place.ts";
import { progressOf } from "./progress-of.ts";
import { createRecording, type Recording } from "./recording.ts";
import { createTrialParts } from "./trial-parts.ts";
import { measuredTrial } from "./trial-record.ts";
import { blockNode, profileNamed, suiteOfTrial } from "./trial-suite.ts";
import { movedTrial, type TrialIdentity } from "./unmeasured-trial.ts";

/** What every trial of a run shares. */
export interface RunContext {
  suite: Suite;
  profiles: Profile[];
  run: RunRecord;
  runFolder: string;
  bed: RunBed;
  /** Of the whole run. */
  scope: Scope;
  scriptFile: string;
  responses: ResponsesTold | undefined;
  listener: ProgressListener;
  abort: AbortSignal;
  /** Takes what each trial wrote. */
  digests: Digests;
  /** Takes a sentence for each thing of a trial that could not be taken away. */
  notUndone: string[];
}

/** One trial under way, or the two of a duet. */
interface Trial {
  context: RunContext;
  /** In the order in which their parts are started. */
  planned: ScheduledTrial[];
  /** The node that its block is bound to; null = none yet, or none at all. */
  node: string | null;
  /** As this trial runs it. */
  suite: Suite;
  recording: Recording;
  startedAt: Date;
  /** One for each. */
  logFolders: string[];
  wallRequests: number | null;
  /** Set once it is open. */
  bed: TrialBed | null;
}

/**
 * Runs planned trials that share one load (one, or both arms of a duet) from fresh namespaces to a whole folder below trials/ for each; null
 * where it was aborted and nothing was kept. `before` are the run's trials up to now. A part that fails gives an invalid record with its last
 * words; a bug is thrown after everything is taken away.
 */
export async function runTrials(
  context: RunContext,
  planned: ScheduledTrial[],
  before: TrialRecord[],
): Promise<TrialRecord[] | null> {
  const startedAt = new Date();
  const began = performance.now();
  const [first] = planned as [ScheduledTrial];
  const folders = planned.map((one) => openTrialFolder(context.runFolder, one));
  const discard = () => {
    for (const folder of folders) folder.discard();
  };
  try {
    const alone = suiteOfTrial(context, first);
    const suite = planned.length === 1 ? alone : duetSuite(alone);
    const recording = createRecording();
    const node = blockNode(before, context.profiles, first);
    // A duet claims no wall, and has none to be past.
    const wallRequests = planned.length === 1 ? baselineWall(context.run, first, before) : null;
    const at = { node, startedAt, logFolders: folders.map(({ folder }) => folder), wallRequests, bed: null };
    const recorded = await unlessAborted({ context, planned, suite, recording, ...at });
    if (recorded === null) {
      discard();
      return null;
    }
    const seconds = (performance.now() - began) / 1000;
    return recorded.map(({ record, series }, index) => {
      const overheadSeconds = seconds - record.loadSeconds;
      const whole = { ...settledRecord(context.run, samePlace(before, record), record), overheadSeconds };
      folders[index]?.finish(whole, series);
      Object.assign(context.digests, folders[index]?.digests);
      return whole;
    });
  } catch (error) {
    discard();
    throw error;
  }
}

/** Whatever comes of it, all that it began is taken away; null where the run is aborted, which ends whatever is still under way. */
async function unlessAborted(trial: Trial): Promise<RecordedTrial[] | null> {
  const { abort, notUndone } = trial.context;
  const own = trial.context.scope.child(abort);
  try {
    return await inScope(
      own,
      (scope) => attempt(trial, scope),
      (left) => notUndone.push(left),
    );
  } catch (error) {
    if (abort.aborted) return null;
    throw error;
  }
}

async function attempt(trial: Trial, scope: Scope): Promise<RecordedTrial[]> {
  try {
    return await measure(trial, scope);
  } catch (error) {
    if (!(error instanceof PartFailure)) throw error;
    const platform = trial.bed?.platform() ?? null;
    return failedTrials(identitiesOf(trial), error).map((record, arm) => {
      const references = trial.bed?.references(replicaRole(arm + 1)) ?? {};
      return { record: { ...record, platform, references }, series: trial.recording };
    });
  }
}

async function measure(trial: Trial, scope: Scope): Promise<RecordedTrial[]> {
  const { context, recording, suite } = trial;
  const bed = await openBed(trial, scope);
  trial.bed = bed;
  const isDuet = trial.planned.length > 1;
  const parts = createTrialParts(await startParts(bed, suite, isDuet));
  const at = bed.platform();
  if (trial.node !== null && at !== null && at.node !== trial.node) {
    return [{ record: movedTrial(identityOf(trial), at, trial.node), series: recording }];
  }
  const facts = await bed.facts();
  const drive = await driveLoad({
    suite,
    bed,
    load: {
      scriptFile: context.scriptFile,
      logFile: join(trial.logFolders[0] ?? "", `${suite.load.engine}.log`),
      responses: context.responses,
      ...(isDuet ? { duetSeed: duetSeedOf(context.run, identityOf(trial).planned) } : {}),
    },
    parts,
    recording,
    usablePorts: portsOf(bed.settings(), "target")?.usable ?? null,
    wallRequests: trial.wallRequests,
    onWindow: () => context.listener.on(progressOf(identityOf(trial).planned, recording, bed.settings())),
  });
  recording.end();
  const after = await bed.readBack();
  const [settings, platform, deaths] = [bed.settings(), bed.platform(), { ...parts.deaths }];
  const references = bed.references();
  const seen = { suite, facts, settings, after, platform, references, recording, drive, deaths };
  if (!isDuet) return [{ record: measuredTrial(identityOf(trial), seen), series: recording }];
  const ofArms = targetRoles(2).map((role) => bed.references(role));
  return duetTrials(identitiesOf(trial), seen, ofArms);
}

function identitiesOf({ context, planned, startedAt }: Trial): TrialIdentity[] {
  return planned.map((one) => ({ run: context.run, planned: one, startedAt }));
}

function identityOf(trial: Trial): TrialIdentity {
  const [first] = identitiesOf(trial) as [TrialIdentity];
  return first;
}

/** Another sequence in each block. */
function duetSeedOf({ seed }: RunRecord, { block, attempt }: ScheduledTrial): number {
  return (seed + 1009 * block + attempt) >>> 0;
}

function openBed(trial: Trial, scope: Scope): Promise<TrialBed> {
  const { context, planned, suite, node, logFolders } = trial;
  const [first, second] = planned as [ScheduledTrial, ScheduledTrial?];
  const [logFolder = "", besideFolder = ""] = logFolders;
  const profile = profileNamed(context.profiles, first.profile);
  const beside =
    second === undefined
      ? {}
      : { beside: { profile: profileNamed(context.profiles, second.profile), logFolder: besideFolder } };
  const note = (text: string) => context.listener.on({ kind: "note", text });
  const { runFolder } = context;
  return context.bed.open({ suite, profile, ...beside, trial: first, node, logFolder, runFolder, note }, scope);
}

/** Upstreams first, side by side: the target may dial them while it starts. The arms of a duet one after the other: who is first changes from block to block. */
async function startParts(bed: TrialBed, suite: Suite, isDuet: boolean): Promise<RunningPart[]> {
  const upstreams = await Promise.all(Object.keys(suite.upstreams).map((name) => bed.start(name)));
  const roles = targetRoles(suite.target.replicas);
  if (!isDuet) return [...(await Promise.all(roles.map((role) => bed.start(role)))), ...upstreams];
  const targets: RunningPart[] = [];
  for (const role of roles) targets.push(await bed.start(role));
  return [...targets, ...upstreams];
}
