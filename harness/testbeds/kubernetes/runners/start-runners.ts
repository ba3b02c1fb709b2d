import type { Scope } from "../../../core/scope.ts";
import type { GeneratorCommand, GeneratorExport, GeneratorRequest, PodForm } from "../../../engines/engine.ts";
import type { SamplerSettings } from "../../../pods/messages.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import type { Sysctls } from "../../../suite/suite.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import type { OpenRun } from "../api/own-run.ts";
import { labelKeys, sequenceText } from "../names.ts";
import { podPaths } from "../objects/containers.ts";
import type { TrialObjects } from "../objects/run-objects.ts";
import { runnersName, runnersObjects, scriptPath, stopAt } from "../objects/runners.ts";
import { countExports } from "./export-counts.ts";
import type { OpenLog } from "./follow-lines.ts";
import { untilStarted } from "./registration.ts";
import type { RelayFollow } from "./relay-follow.ts";
import { watchRunnerPods } from "./runner-pods.ts";
import { endRunners, type RemoteRunners } from "./runners-end.ts";
import { keepRunnersLog } from "./runners-log.ts";

/** Where a trial's runners come to be, and how they are reached. */
export interface RunnersPlace {
  api: ClusterApi;
  openLog: OpenLog;
  relay: RelayFollow;
  /** host:port at which pods reach the relay. */
  relayEndpoint: string;
  trial: Omit<TrialObjects, "deadlineSeconds">;
  timeouts: Pick<Cluster["timeouts"], "scheduleMs" | "startMs">;
  /** Of the generator. */
  sysctls: Sysctls;
  sampler: SamplerSettings;
  /** Writes annotations onto the run's Lease, which the relay watches. */
  say: OpenRun["say"];
  /** Aborted once the run can't go on. */
  lost: AbortSignal;
  scope: Scope;
}

/** What the runners share. */
export interface RunnersRequest {
  /** How many share the load; each runs its execution segment. */
  count: number;
  /** What the engine is in a pod. */
  form: PodForm;
  /** The bundled script. */
  script: { name: string; text: string };
  /** What the script opens: path from its folder -> content. */
  files: Record<string, Uint8Array>;
  /** What the engine has of ours beside it: name -> text. */
  beside: Record<string, string>;
  /** A generator's command line and environment for the place where it finds its script and sends its exports to. */
  command: (
    place: Pick<GeneratorRequest, "program" | "scriptFile" | "beside" | "exportTo" | "stopAt">,
  ) => GeneratorCommand;
  /** After so long the load ends by itself, whatever became of the harness. */
  deadlineMs: number;
  /** Gets the runners' own output, each line with its runner's number before it. */
  logFile: string;
  onExport: (message: GeneratorExport) => void;
}

/** From all runners' registration to the start, and some time to end: beside scheduling and image pulls. */
const aroundMs = 30_000;

/**
 * Generators as an Indexed Job, their exports through the run's relay. Resolves once all runners have registered and the instant of their start
 * is fixed; rejects with PartFailure of role "generator" where that does not come about. The Job goes with the scope.
 */
export async function startRunners(place: RunnersPlace, request: RunnersRequest): Promise<RemoteRunners> {
  const { api, relay, say, lost, timeouts, scope } = place;
  scope.signal.throwIfAborted();
  const job = runnersName(place.trial);
  const trial = sequenceText(place.trial.sequence);
  const { count } = request;
  const pods = watchRunnerPods(api, selectorOf(place), count);
  const log = keepRunnersLog(place.openLog, pods, request.logFile);
  const lossesBefore = relay.losses().length;
  const counts = countExports(relay, trial, request.onExport);
  const start = async (over: AbortSignal) => {
    const failed = new AbortController();
    const signal = AbortSignal.any([over, failed.signal]);
    try {
      const started = untilStarted({ api, relay, pods, job, trial, count, timeouts, signal });
      // Whichever fails first is told; the other is not waited for.
      const [startUnixMs] = await Promise.all([started, createObjects(place, request, signal)]);
      return startUnixMs;
    } catch (error) {
      failed.abort(error);
      pods.stop();
      if (over.aborted) log.abandon();
      await log.close();
      throw error;
    }
  };
  const startUnixMs = await scope.acquire(`the runners of trial ${trial}`, start, async () => {
    counts.stop();
    pods.stop();
    log.abandon();
    await api.remove("Job", job);
  });
  const end = endRunners({ api, relay, pods, log, counts, job, trial, count, lossesBefore, say, lost });
  return {
    ...end,
    startUnixMs,
    trouble: relay.trouble,
    onLine: (listener) => log.onLine(listener),
    lastLines: () => log.lastLines(),
  };
}

async function createObjects(place: RunnersPlace, request: RunnersRequest, signal: AbortSignal): Promise<void> {
  const { job, others } = runnersObjects(specOf(place, request));
  for (const object of [...others, job]) {
    signal.throwIfAborted();
    await place.api.create(object);
  }
}

function selectorOf({ trial }: RunnersPlace): { labels: string } {
  const labels = {
    [labelKeys.run]: trial.runName,
    [labelKeys.trial]: sequenceText(trial.sequence),
    [labelKeys.component]: "generator",
  };
  return {
    labels: Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
  };
}

function specOf(place: RunnersPlace, request: RunnersRequest): Parameters<typeof runnersObjects>[0] {
  const { count, form, script, files, beside, deadlineMs } = request;
  const { scheduleMs, startMs } = place.timeouts;
  const program = request.command({
    program: form.program,
    scriptFile: `${podPaths.load}/${scriptPath(script.name, files)}`,
    beside: podPaths.beside,
    exportTo: place.relayEndpoint,
    stopAt,
  });
  return {
    trial: { ...place.trial, deadlineSeconds: Math.ceil((deadlineMs + scheduleMs + startMs + aroundMs) / 1000) },
    count,
    form,
    script,
    files,
    beside,
    program,
    relay: place.relayEndpoint,
    sysctls: place.sysctls,
    sampler: place.sampler,
  };
}
