import { isTargetRole } from "../../core/roles.ts";
import { abortable } from "../../core/waits.ts";
import type { Sample } from "../../results/samples.ts";
import type { TrialPlatform } from "../../results/trial.ts";
import { rolesOf } from "../../suite/suite.ts";
import { referencesOf } from "../references.ts";
import type { SettingReading, TrialBed, TrialFacts } from "../testbed.ts";
import type { ClusterTrial } from "./cluster-trial.ts";
import { driveInPods } from "./load.ts";
import { labelKeys, sequenceText } from "./names.ts";
import { untilNodeObserved } from "./place-pod.ts";
import type { PodObserver } from "./runners/follow-samplers.ts";
import type { RemoteRunners } from "./runners/runners-end.ts";
import { type RunnersRequest, startRunners } from "./runners/start-runners.ts";
import { askedSettings, settingReadings, watchedKeys } from "./settings.ts";
import { knownValues, startPart } from "./start-part.ts";

/** The port's TrialBed over a trial's pods. Nothing comes to be any more in a run that is lost: the run then ends. */
export function bedOf(trial: ClusterTrial): TrialBed {
  const { run, spec, engine, observer, addresses, work } = trial;
  return {
    start: (role) => abortable(startPart(trial, role), run.lost),
    drive: (load, sink) =>
      driveInPods({
        ...load,
        engine,
        suite: { ...spec.suite, target: { ...spec.suite.target, replicas: trial.loadTargets } },
        addresses,
        runners: spec.suite.load.runners ?? work.cluster.runners,
        startRunners: (request) => abortable(startLoad(trial, request), run.lost),
        observe: (onSample) => observe(trial, onSample),
        sink,
      }),
    inject: async ({ role, kind }) => {
      throw new Error(`${kind} of ${role}, which runs in a pod: its conditions are refused at preflight`);
    },
    settings: () => readingsOf(trial, observer.firstSettingsOf),
    // The samplers read all settings each second, and have told what they saw up to the load's end.
    readBack: async () => readingsOf(trial, observer.settingsOf),
    facts: async () => factsOf(trial),
    references: () => referencesOf(spec, knownValues(trial)),
    platform: () => platformOf(trial),
    failed: trial.failed.promise,
  };
}

/** Pods are pinned to no CPUs and steered by their node; what this process can read of interrupts is another machine's. */
function factsOf({ addresses, facts, spec: { suite } }: ClusterTrial): TrialFacts {
  const ofNone = Object.fromEntries([...rolesOf(suite), ...Object.keys(addresses)].map((role) => [role, null]));
  const steering = { irqs: [], irqbalanceRunning: null, rpsCpus: ofNone };
  // It has a node of its own, or a share of one; between its clock and ours lies a relay's log.
  const generator = { contained: true, cores: null, startKnownToMs: 1000 };
  return { addresses, cpus: facts?.cpus ?? 1, cpusAllowed: ofNone, generator, listenLimits: {}, steering };
}

function readingsOf(trial: ClusterTrial, valuesOf: PodObserver["settingsOf"]): SettingReading[] {
  const { suite, profile } = trial.spec;
  // An installed target may have more pods than the suite knows of.
  const roles = [...new Set([...rolesOf(suite), ...Object.keys(trial.addresses)])];
  return roles.flatMap((role) => {
    const values = valuesOf(role);
    return values === null
      ? []
      : settingReadings(role, askedSettings(suite, profile, role), values, trial.ownKeys[role]);
  });
}

function platformOf(trial: ClusterTrial): TrialPlatform | null {
  const { facts, route, spec, work, runnerNodes, nodeDefaults } = trial;
  if (facts === null) return null;
  const { name, instanceType, kernel, osImage, containerRuntime, kubelet } = facts;
  const nodeObserved = work.cluster.observeNode;
  const runners = runnerNodes.length === 0 ? 0 : (spec.suite.load.runners ?? work.cluster.runners);
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
    defaultPodSysctls: nodeDefaults[name] ?? null,
    installed: installedFacts(trial),
  };
}

function installedFacts({ installed, addresses }: ClusterTrial): TrialPlatform["installed"] {
  if (installed === null) return null;
  const { service, port } = installed.wanted;
  const pods = Object.keys(addresses).filter(isTargetRole).length;
  return { service: `${service.namespace}/${service.name}:${port}`, pods };
}

async function startLoad(trial: ClusterTrial, request: RunnersRequest): Promise<RemoteRunners> {
  const { work, run, spec, objects, scope } = trial;
  const sysctls = askedSettings(spec.suite, spec.profile, "generator");
  const sampler = {
    role: "generator",
    keys: watchedKeys(sysctls, trial.ownKeys.generator),
    listenPort: null,
    looks: "pod",
  } as const;
  const { timeouts } = work.cluster;
  const place = { ...work, ...run, trial: objects, timeouts, sysctls, sampler, scope };
  const [runners] = await Promise.all([startRunners(place, request), untilNodeObserved(trial)]);
  await watchRunners(trial);
  return runners;
}

function observe(trial: ClusterTrial, onSample: (sample: Sample) => void): PodObserver {
  trial.observer.listen((sample) => {
    noteConntrack(trial, sample);
    onSample(sample);
  });
  return trial.observer;
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
