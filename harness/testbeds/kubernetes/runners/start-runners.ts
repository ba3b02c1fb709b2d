import type { SamplerSettings } from "../../../pods/messages.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import type { Sysctls } from "../../../suite/suite.ts";
import type { RemoteRunners, RunnersRequest } from "../../remote.ts";
import type { Teardown } from "../../testbed.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import type { OpenRun } from "../api/open-run.ts";
import { labelKeys, sequenceText } from "../names.ts";
import { podPaths } from "../objects/containers.ts";
import type { TrialObjects } from "../objects/run-objects.ts";
import { runnersName, runnersObjects } from "../objects/runners.ts";
import { countExports } from "./export-counts.ts";
import type { OpenLog } from "./follow-lines.ts";
import { untilStarted } from "./registration.ts";
import type { RelayFollow } from "./relay-follow.ts";
import { watchRunnerPods } from "./runner-pods.ts";
import { endRunners } from "./runners-end.ts";
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
  teardown: Teardown;
}

/** From all runners' registration to the start, and some time to end: beside scheduling and image pulls. */
const aroundMs = 30_000;

/**
 * k6 as an Indexed Job, its exports through the run's relay. Resolves once all runners have registered and the instant of their start
 * is fixed; rejects with PartFailure of role "generator" where that does not come about. The Job goes with the teardown.
 */
export async function startRunners(place: RunnersPlace, request: RunnersRequest): Promise<RemoteRunners> {
  const { api, relay, say, timeouts } = place;
  const job = runnersName(place.trial);
  const trial = sequenceText(place.trial.sequence);
  const { count } = request;
  const abandoned = new AbortController();
  place.teardown.add(`the runners of trial ${trial}`, async () => {
    counts.stop();
    pods.stop();
    log.abandon();
    await api.remove("Job", job);
  });
  const pods = watchRunnerPods(api, selectorOf(place), count);
  const log = keepRunnersLog(place.openLog, pods, request.logFile);
  const lossesBefore = relay.losses().length;
  const counts = countExports(relay, trial, request.onExport);
  try {
    const started = untilStarted({ api, relay, pods, job, trial, count, timeouts, signal: abandoned.signal });
    const made = createObjects(place, request, trial);
    // Whichever fails first is told; the other is not waited for.
    const [startUnixMs] = await Promise.all([started, made]);
    const end = endRunners({ api, relay, pods, log, counts, job, trial, count, lossesBefore, say });
    return {
      startUnixMs,
      ended: end.ended,
      trouble: relay.trouble,
      onLine: (listener) => log.onLine(listener),
      stop: end.stop,
      lastLines: () => log.lastLines(),
    };
  } catch (error) {
    abandoned.abort(error);
    pods.stop();
    await log.close();
    throw error;
  }
}

async function createObjects(place: RunnersPlace, request: RunnersRequest, trial: string): Promise<void> {
  const { job, others } = runnersObjects(specOf(place, request, trial));
  for (const object of [...others, job]) await place.api.create(object);
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

function specOf(place: RunnersPlace, request: RunnersRequest, trial: string): Parameters<typeof runnersObjects>[0] {
  const { count, script, deadlineMs } = request;
  const { scheduleMs, startMs } = place.timeouts;
  const startFile = `${podPaths.start}/start.json`;
  const program = request.program({
    k6Path: "k6",
    scriptFile: `${podPaths.load}/load.js`,
    otlpEndpoint: place.relayEndpoint,
  });
  return {
    trial: { ...place.trial, deadlineSeconds: Math.ceil((deadlineMs + scheduleMs + startMs + aroundMs) / 1000) },
    count,
    script,
    program: {
      argv: program.argv,
      env: { ...program.env, TUNEBENCH_START_FILE: startFile },
    },
    awaitStart: { relay: place.relayEndpoint, trial, count, file: startFile },
    sysctls: place.sysctls,
    sampler: place.sampler,
  };
}
