import { join } from "node:path";
import { portsOf } from "../core/ports.ts";
import { targetRoles } from "../core/roles.ts";
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
import { samePlace, settledRecord } from "./place.ts";
import { progressOf } from "./progress-of.ts";
import { createRecording, type Recording } from "./recording.ts";
import { createTrialParts } from "./trial-parts.ts";
import { measuredTrial } from "./trial-record.ts";
import { blockNode, profileNamed, suiteOfTrial } from "./trial-suite.ts";
import { failedTrial, movedTrial, type TrialIdentity } from "./unmeasured-trial.ts";

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

/** One trial under way. */
interface Trial {
  context: RunContext;
  planned: ScheduledTrial;
  /** The node that its block is bound to; null = none yet, or none at all. */
  node: string | null;
  /** As this trial runs it. */
  suite: Suite;
  recording: Recording;
  startedAt: Date;
  logFolder: string;
  wallRequests: number | null;
  /** Set once it is open. */
  bed: TrialBed | null;
}

/**
 * Runs one planned trial from fresh namespaces to a whole folder below trials/; null where it was aborted and nothing
 * was kept. `before` are the run's trials up to now. A part that fails gives an invalid record with its last words; a bug is
 * thrown after everything is taken away.
 */
export async function runTrial(
  context: RunContext,
  planned: ScheduledTrial,
  before: TrialRecord[],
): Promise<TrialRecord | null> {
  const startedAt = new Date();
  const began = performance.now();
  const folder = openTrialFolder(context.runFolder, planned);
  try {
    const suite = suiteOfTrial(context, planned);
    const recording = createRecording();
    const node = blockNode(before, context.profiles, planned);
    const wallRequests = baselineWall(context.run, planned, before);
    const at = { node, startedAt, logFolder: folder.folder, wallRequests, bed: null };
    const record = await unlessAborted({ context, planned, suite, recording, ...at });
    if (record === null) {
      folder.discard();
      return null;
    }
    const overheadSeconds = (performance.now() - began) / 1000 - record.loadSeconds;
    const whole = { ...settledRecord(context.run, samePlace(before, planned), record), overheadSeconds };
    folder.finish(whole, recording);
    Object.assign(context.digests, folder.digests);
    return whole;
  } catch (error) {
    folder.discard();
    throw error;
  }
}

/** Whatever comes of it, all that it began is taken away; null where the run is aborted, which ends whatever is still under way. */
async function unlessAborted(trial: Trial): Promise<TrialRecord | null> {
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

async function attempt(trial: Trial, scope: Scope): Promise<TrialRecord> {
  try {
    return await measure(trial, scope);
  } catch (error) {
    const [platform, references] = [trial.bed?.platform() ?? null, trial.bed?.references() ?? {}];
    if (error instanceof PartFailure) return { ...failedTrial(identityOf(trial), error), platform, references };
    throw error;
  }
}

async function measure(trial: Trial, scope: Scope): Promise<TrialRecord> {
  const { context, recording, suite } = trial;
  const bed = await openBed(trial, scope);
  trial.bed = bed;
  const parts = createTrialParts(await startParts(bed, suite));
  const at = bed.platform();
  if (trial.node !== null && at !== null && at.node !== trial.node) {
    return movedTrial(identityOf(trial), at, trial.node);
  }
  const facts = await bed.facts();
  const drive = await driveLoad({
    suite,
    bed,
    load: {
      scriptFile: context.scriptFile,
      logFile: join(trial.logFolder, "k6.log"),
      responses: context.responses,
    },
    parts,
    recording,
    usablePorts: portsOf(bed.settings(), "target")?.usable ?? null,
    wallRequests: trial.wallRequests,
    onWindow: () => context.listener.on(progressOf(trial.planned, recording, bed.settings())),
  });
  recording.end();
  const after = await bed.readBack();
  const [settings, platform, deaths] = [bed.settings(), bed.platform(), { ...parts.deaths }];
  const references = bed.references();
  const seen = { suite, facts, settings, after, platform, references, recording, drive, deaths };
  return measuredTrial(identityOf(trial), seen);
}

function identityOf({ context, planned, startedAt }: Trial): TrialIdentity {
  return { run: context.run, planned, startedAt };
}

function openBed(trial: Trial, scope: Scope): Promise<TrialBed> {
  const { context, planned, suite, node, logFolder } = trial;
  const { runFolder } = context;
  const profile = profileNamed(context.profiles, planned.profile);
  const note = (text: string) => context.listener.on({ kind: "note", text });
  return context.bed.open({ suite, profile, trial: planned, node, logFolder, runFolder, note }, scope);
}

/** Upstreams first, side by side: the target may dial them while it starts. */
async function startParts(bed: TrialBed, suite: Suite): Promise<RunningPart[]> {
  const upstreams = await Promise.all(Object.keys(suite.upstreams).map((name) => bed.start(name)));
  const targets = await Promise.all(targetRoles(suite.target.replicas).map((role) => bed.start(role)));
  return [...targets, ...upstreams];
}
