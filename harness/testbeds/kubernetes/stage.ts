import type { Sample } from "../../results/samples.ts";
import type { TrialPlatform } from "../../results/trial.ts";
import { rolesOf } from "../../suite/suite.ts";
import type { RemoteHands } from "../remote.ts";
import type { SettingReading, Stage } from "../testbed.ts";
import { lostRun } from "./begin-run.ts";
import type { ClusterTrial } from "./cluster-trial.ts";
import { labelKeys, sequenceText } from "./names.ts";
import type { PodObserver } from "./runners/observe-pods.ts";
import { startRunners } from "./runners/start-runners.ts";
import { startPart } from "./stage-part.ts";
import { askedSettings, settingReadings, watchedKeys } from "./stage-settings.ts";

/** The port's Stage over a trial's pods. */
export function stageOf(trial: ClusterTrial): Stage {
  return {
    get addresses() {
      return trial.addresses;
    },
    get settings() {
      return readingsOf(trial, trial.observer.firstSettingsOf);
    },
    get cpus() {
      return trial.facts?.cpus ?? 1;
    },
    platform: () => platformOf(trial),
    hands: handsOf(trial),
    startPart: (role) => unlessLost(trial.run, startPart(trial, role)),
    addLatency: async (role) => {
      throw new Error(`${role} has no relay in a cluster`);
    },
    lost: Promise.race([trial.run.lost, trial.takenAway.promise]),
    // The samplers read all settings each second, and have told what they saw up to the load's end.
    readBack: async () => readingsOf(trial, trial.observer.settingsOf),
    listenLimit: async () => null,
    rpsCpus: async () => null,
  };
}

/** Nothing comes to be any more in a run that the cluster has lost. Rejects with IncompleteError then: the run ends. */
async function unlessLost<T>({ lost }: ClusterTrial["run"], started: Promise<T>): Promise<T> {
  return await Promise.race([started, lost.then((words) => Promise.reject(lostRun(words)))]);
}

function readingsOf(
  { request: { suite, profile } }: ClusterTrial,
  valuesOf: PodObserver["settingsOf"],
): SettingReading[] {
  return rolesOf(suite).flatMap((role) => {
    const values = valuesOf(role);
    return values === null ? [] : settingReadings(role, askedSettings(suite, profile, role), values);
  });
}

function platformOf({ facts, route, request, work, runnerNodes }: ClusterTrial): TrialPlatform | null {
  if (facts === null) return null;
  const { name, instanceType, kernel, osImage, containerRuntime, kubelet } = facts;
  const nodeObserved = work.cluster.observeNode;
  const runners = runnerNodes.length === 0 ? 0 : (request.suite.load.runners ?? work.cluster.runners);
  return {
    node: name,
    instanceType,
    kernel,
    osImage,
    containerRuntime,
    kubelet,
    route,
    runners,
    runnerNodes,
    nodeObserved,
  };
}

function handsOf(trial: ClusterTrial): RemoteHands {
  const { work, run, observer, request, objects, teardown } = trial;
  const asked = askedSettings(request.suite, request.profile, "generator");
  return {
    kind: "remote",
    runners: work.cluster.runners,
    startRunners: async (load) => {
      const starting = startRunners(
        {
          api: work.api,
          openLog: work.openLog,
          relay: run.relay,
          relayEndpoint: run.relayEndpoint,
          trial: objects,
          timeouts: work.cluster.timeouts,
          sysctls: asked,
          sampler: { role: "generator", keys: watchedKeys(asked), listenPort: null, looks: "pod" },
          say: run.say,
          teardown,
        },
        load,
      );
      const runners = await unlessLost(run, starting);
      await watchRunners(trial);
      return runners;
    },
    observe: (onSample) => {
      observer.listen((sample) => {
        noteConntrack(trial, sample);
        onSample(sample);
      });
      return observer;
    },
  };
}

/** Of the node's own table, which only its observer sees. */
function noteConntrack({ work, onConntrack }: ClusterTrial, sample: Sample): void {
  if (!work.cluster.observeNode || sample.kind !== "node") return;
  const { atMs, conntrackCount, conntrackMax } = sample;
  if (conntrackCount !== null && conntrackMax !== null)
    onConntrack({ atMs, entries: conntrackCount, max: conntrackMax });
}

/** Where the runners are; the first one's sampler stands for all of them. */
async function watchRunners(trial: ClusterTrial): Promise<void> {
  const { work, objects, observer } = trial;
  const labels = [
    `${labelKeys.run}=${objects.runName}`,
    `${labelKeys.trial}=${sequenceText(objects.sequence)}`,
    `${labelKeys.component}=generator`,
  ].join(",");
  const pods = await work.api.list("Pod", { labels });
  trial.runnerNodes = [...new Set(pods.flatMap(({ spec }) => (spec?.nodeName ? [spec.nodeName] : [])))].sort();
  const first = pods.find(
    ({ metadata }) => metadata?.annotations?.["batch.kubernetes.io/job-completion-index"] === "0",
  );
  if (first?.metadata?.name !== undefined) observer.add({ role: "generator", pod: first.metadata.name });
}
