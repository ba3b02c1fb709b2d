import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Environment, RunningPart, Stage } from "../environments/environment.ts";
import { PartFailure } from "../environments/part-failure.ts";
import type { WatchedRole } from "../observe/observer.ts";
import { startObserver } from "../observe/start-observer.ts";
import { readSteering } from "../observe/steering.ts";
import type { ProgressListener } from "../results/progress.ts";
import { isTargetRole, targetRoles } from "../results/roles.ts";
import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import type { SamplerCost } from "../results/samples.ts";
import type { TrialRecord } from "../results/trial.ts";
import { openTrialFolder, writing } from "../results/write.ts";
import { type Profile, rolesOf, type Suite } from "../suite/suite.ts";
import { type DriveRequest, type DriveResult, driveLoad, otlpPort } from "./drive-load.ts";
import { settledRecord } from "./place.ts";
import { portFacts } from "./port-facts.ts";
import { progressOf } from "./progress-of.ts";
import { createRecording, type Recording } from "./recording.ts";
import { profileNamed, suiteOfTrial } from "./suite-of-trial.ts";
import { createTeardown, type TeardownStack } from "./teardown.ts";
import type { Surroundings } from "./trial-input.ts";
import { createTrialParts, type TrialParts } from "./trial-parts.ts";
import { failedTrial, measuredTrial, type TrialIdentity } from "./trial-record.ts";

/** What every trial of a run shares. */
export interface RunContext {
  suite: Suite;
  profiles: Profile[];
  run: RunRecord;
  runFolder: string;
  environment: Environment;
  k6Path: string;
  scriptFile: string;
  listener: ProgressListener;
  abort: AbortSignal;
  /** Takes a sentence for each thing that a trial's teardown could not undo. */
  notUndone: string[];
}

/** One trial under way. */
interface Trial {
  context: RunContext;
  planned: ScheduledTrial;
  /** As this trial runs it. */
  suite: Suite;
  recording: Recording;
  startedAt: Date;
  logFolder: string;
}

/**
 * Runs one planned trial from fresh namespaces to a whole folder below trials/; null where it was aborted and nothing
 * was kept. `earlier` are the trials of its place before it. A part that fails gives an invalid record with its last words; a bug is thrown after everything is taken away.
 */
export async function runTrial(
  context: RunContext,
  planned: ScheduledTrial,
  earlier: TrialRecord[],
): Promise<TrialRecord | null> {
  const startedAt = new Date();
  const began = performance.now();
  const folder = openTrialFolder(context.runFolder, planned);
  try {
    const suite = suiteOfTrial(context, planned);
    const recording = createRecording();
    const record = await attempt({ context, planned, suite, recording, startedAt, logFolder: folder.folder });
    if (record === null) {
      folder.discard();
      return null;
    }
    const overheadSeconds = (performance.now() - began) / 1000 - record.loadSeconds;
    const whole = { ...settledRecord(context.run, earlier, record), overheadSeconds };
    folder.finish(whole, recording);
    return whole;
  } catch (error) {
    folder.discard();
    throw error;
  }
}

/** Whatever comes of it, all that it began is taken away. */
async function attempt(trial: Trial): Promise<TrialRecord | null> {
  const teardown = createTeardown();
  try {
    return await measureUnlessAborted(trial, teardown);
  } finally {
    trial.context.notUndone.push(...(await teardown.run()));
  }
}

/** null where the run is aborted: the teardown that follows ends whatever is still under way. */
async function measureUnlessAborted(trial: Trial, teardown: TeardownStack): Promise<TrialRecord | null> {
  const { abort } = trial.context;
  const aborted = new Promise<null>((resolve) => abort.addEventListener("abort", () => resolve(null), { once: true }));
  try {
    return await Promise.race([measure(trial, teardown), aborted]);
  } catch (error) {
    if (abort.aborted) return null;
    if (error instanceof PartFailure) return failedTrial(identityOf(trial), error);
    throw error;
  }
}

async function measure(trial: Trial, teardown: TeardownStack): Promise<TrialRecord> {
  const { recording, suite } = trial;
  const stage = await openStage(trial, teardown);
  const parts = createTrialParts(await startParts(stage, suite));
  const found = await lookAround(stage, suite);
  const server = await stage.listen("generator", otlpPort);
  recording.start();
  const observer = startObserver({
    roles: watchedRoles(stage, suite),
    now: recording.now,
    onSample: (sample) => void recording.samples.push(sample),
  });
  let samplers: SamplerCost[] = [];
  let drive: DriveResult;
  try {
    drive = await driveLoad({ ...driveRequest(trial, stage, parts), server });
  } finally {
    samplers = await observer.stop();
  }
  recording.end();
  const driven = { suite, stage, recording, drive, after: await stage.readBack(), found, deaths: { ...parts.deaths } };
  return measuredTrial(identityOf(trial), driven, samplers);
}

function identityOf({ context, planned, startedAt }: Trial): TrialIdentity {
  return { run: context.run, planned, startedAt };
}

function openStage(trial: Trial, teardown: TeardownStack): Promise<Stage> {
  const { suite } = trial;
  const { environment } = trial.context;
  const dataFolder = join(trial.logFolder, "data");
  teardown.add("remove the parts' data", () => rmSync(dataFolder, { recursive: true, force: true }));
  writing(trial.context.runFolder, () => mkdirSync(dataFolder));
  return environment.open(
    {
      suite,
      profile: profileNamed(trial.context.profiles, trial.planned.profile),
      logFolder: trial.logFolder,
      dataFolder,
    },
    teardown,
  );
}

/** Upstreams first, side by side: the target may dial them while it starts. */
async function startParts(stage: Stage, suite: Suite): Promise<RunningPart[]> {
  const upstreams = await Promise.all(Object.keys(suite.upstreams).map((name) => stage.startPart(name)));
  const targets = await Promise.all(targetRoles(suite.target.replicas).map((role) => stage.startPart(role)));
  return [...targets, ...upstreams];
}

/** What is read once, before the load: the accept queue's limit and how receive work is steered. */
async function lookAround(stage: Stage, suite: Suite): Promise<Surroundings> {
  const roles = rolesOf(suite);
  const [listenLimit, steering, ...masks] = await Promise.all([
    stage.listenLimit("target", suite.target.port),
    readSteering(),
    ...roles.map((role) => stage.rpsCpus(role)),
  ]);
  return {
    listenLimit,
    steering: { ...steering, rpsCpus: Object.fromEntries(roles.map((role, i) => [role, masks[i] ?? null])) },
  };
}

function driveRequest(trial: Trial, stage: Stage, parts: TrialParts): Omit<DriveRequest, "server"> {
  const { context, recording } = trial;
  return {
    suite: trial.suite,
    stage,
    parts,
    k6Path: context.k6Path,
    scriptFile: context.scriptFile,
    logFile: join(trial.logFolder, "k6.log"),
    recording,
    usablePorts: portFacts(stage.settings, "target")?.usable ?? null,
    onWindow: () => context.listener.on(progressOf(trial.planned, recording, stage)),
  };
}

/** Roles whose ports are unknown can't be watched for their use; all others are watched. */
function watchedRoles(stage: Stage, suite: Suite): WatchedRole[] {
  return rolesOf(suite).flatMap((role) => {
    const ports = portFacts(stage.settings, role);
    if (ports === null) return [];
    const listenPort = role === "generator" ? null : (isTargetRole(role) ? suite.target : suite.upstreams[role])?.port;
    return [
      { ...stage.watch(role), listenPort: listenPort ?? null, portRange: ports.range, usablePorts: ports.usable },
    ];
  });
}
