import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { targetRoles } from "../core/roles.ts";
import type { ProgressListener } from "../results/progress.ts";
import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { openTrialFolder, writing } from "../results/write.ts";
import { type Profile, rolesOf, type Suite } from "../suite/suite.ts";
import { PartFailure } from "../testbeds/part-failure.ts";
import { PlatformRefusal } from "../testbeds/platform-refusal.ts";
import { createTeardown, type TeardownStack } from "../testbeds/teardown.ts";
import type { Environment, RunningPart, Stage } from "../testbeds/testbed.ts";
import { blockNode } from "./block-node.ts";
import { driveLoad } from "./drive-load.ts";
import { driverOf } from "./driver-of.ts";
import type { LoadDriver } from "./load-driver.ts";
import { samePlace, settledRecord } from "./place.ts";
import { portFacts } from "./port-facts.ts";
import { progressOf } from "./progress-of.ts";
import { createRecording, type Recording } from "./recording.ts";
import { profileNamed, suiteOfTrial } from "./suite-of-trial.ts";
import type { Surroundings } from "./trial-input.ts";
import { createTrialParts } from "./trial-parts.ts";
import { failedTrial, measuredTrial, movedTrial, refusedTrial, type TrialIdentity } from "./trial-record.ts";

/** What every trial of a run shares. */
export interface RunContext {
  suite: Suite;
  profiles: Profile[];
  run: RunRecord;
  runFolder: string;
  environment: Environment;
  k6Path: string | null;
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
  /** The node that its block is bound to; null = none yet, or none at all. */
  node: string | null;
  /** As this trial runs it. */
  suite: Suite;
  recording: Recording;
  startedAt: Date;
  logFolder: string;
  /** Set once it is open. */
  stage: Stage | null;
}

/**
 * Runs one planned trial from fresh namespaces to a whole folder below trials/; null where it was aborted and nothing
 * was kept. `before` are the run's trials up to now. A part that fails gives an invalid record with its last words, a platform that
 * does not take the profile one that says so; a bug is thrown after everything is taken away.
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
    const at = { node, startedAt, logFolder: folder.folder, stage: null };
    const record = await attempt({ context, planned, suite, recording, ...at });
    if (record === null) {
      folder.discard();
      return null;
    }
    const overheadSeconds = (performance.now() - began) / 1000 - record.loadSeconds;
    const whole = { ...settledRecord(context.run, samePlace(before, planned), record), overheadSeconds };
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
    const platform = trial.stage?.platform() ?? null;
    if (error instanceof PartFailure) return { ...failedTrial(identityOf(trial), error), platform };
    if (error instanceof PlatformRefusal) return { ...refusedTrial(identityOf(trial), error.refusal), platform };
    throw error;
  }
}

async function measure(trial: Trial, teardown: TeardownStack): Promise<TrialRecord> {
  const { context, recording, suite } = trial;
  const stage = await openStage(trial, teardown);
  trial.stage = stage;
  const parts = createTrialParts(await startParts(stage, suite));
  const platform = stage.platform();
  if (trial.node !== null && platform !== null && platform.node !== trial.node) {
    return movedTrial(identityOf(trial), platform, trial.node);
  }
  const { k6Path, scriptFile } = context;
  const logFile = join(trial.logFolder, "k6.log");
  const driver = driverOf({ suite, stage, k6Path, scriptFile, logFile, recording });
  const found = await lookAround(stage, suite, driver);
  const drive = await driveLoad({
    suite,
    stage,
    driver,
    parts,
    recording,
    usablePorts: portFacts(stage.settings, "target")?.usable ?? null,
    onWindow: () => context.listener.on(progressOf(trial.planned, recording, stage)),
  });
  recording.end();
  const driven = { suite, stage, recording, drive, after: await stage.readBack(), found, deaths: { ...parts.deaths } };
  return measuredTrial(identityOf(trial), driven);
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
      trial: trial.planned,
      node: trial.node,
      logFolder: trial.logFolder,
      dataFolder,
      note: (text) => trial.context.listener.on({ kind: "note", text }),
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

/** What is read once, before the load: the accept queues' limits and how receive work is steered. */
async function lookAround(stage: Stage, suite: Suite, driver: LoadDriver): Promise<Surroundings> {
  const roles = rolesOf(suite);
  const parts = [["target", suite.target] as const, ...Object.entries(suite.upstreams)];
  const [listenLimits, steering, ...masks] = await Promise.all([
    Promise.all(parts.map(async ([role, { port }]) => [role, await stage.listenLimit(role, port)] as const)),
    driver.steering(),
    ...roles.map((role) => stage.rpsCpus(role)),
  ]);
  return {
    listenLimits: Object.fromEntries(listenLimits),
    steering: { ...steering, rpsCpus: Object.fromEntries(roles.map((role, i) => [role, masks[i] ?? null])) },
  };
}
