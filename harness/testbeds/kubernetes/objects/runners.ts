import { posix } from "node:path";
import type { V1ConfigMap, V1Container, V1Job, V1PodSpec, V1Volume } from "@kubernetes/client-node";
import type { PodForm, SharedStart } from "../../../engines/engine.ts";
import type { SamplerSettings, StopSettings } from "../../../pods/messages.ts";
import type { Registration } from "../../../pods/relay-requests.ts";
import { authorizationOf, secretVariable } from "../../../pods/relay-secret.ts";
import type { Sysctls } from "../../../suite/suite.ts";
import { labelKeys, podName, sequenceText } from "../names.ts";
import {
  literal,
  literalEnv,
  ownPodSpec,
  podPaths,
  programContainer,
  programsVolume,
  restricted,
  restrictedPod,
  samplerContainer,
} from "./containers.ts";
import { filesConfigMap } from "./files.ts";
import { undisturbed } from "./relay.ts";
import { secretEnv } from "./relay-access.ts";
import { metadataOf, type TrialObjects } from "./run-objects.ts";

export interface RunnersSpec {
  trial: TrialObjects;
  /** How many share the load. */
  count: number;
  /** What the engine is in a pod. */
  form: PodForm;
  /** The bundled script; where it is below /tunebench/load in the pod says scriptPath(). */
  script: { name: string; text: string };
  /** What it opens: path from its folder -> content. */
  files: Record<string, Uint8Array>;
  /** What the engine has of ours beside it, below /tunebench/beside: name -> text. */
  beside: Record<string, string>;
  /** The generator's command line, which reads that script, and its environment. */
  program: { argv: string[]; env: Record<string, string> };
  /** host:port of the relay, which says when all begin and when to end. */
  relay: string;
  /** Of the generator. */
  sysctls: Sysctls;
  sampler: SamplerSettings;
}

/** Where a generator is told to end by the program beside it: on the pod's loopback, as k6 asks nobody who calls. */
export const stopAt = "localhost:6565";

/** The container that makes the load. */
export const generatorContainer = "generator";

/** The Job of pods that share a trial's load, and the ConfigMap with their script; `others` come first. */
export function runnersObjects(spec: RunnersSpec): { job: V1Job; others: V1ConfigMap[] } {
  const name = runnersName(spec.trial);
  const metadata = metadataOf(spec.trial, {
    name,
    component: "generator",
    trial: spec.trial.sequence,
    role: "generator",
  });
  const template = { metadata: { labels: metadata.labels ?? {}, annotations: undisturbed }, spec: podSpec(spec, name) };
  const job: V1Job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata,
    spec: {
      completionMode: "Indexed",
      completions: spec.count,
      parallelism: spec.count,
      // A runner that fails is not started again, and does not end the others, as a limit of the whole Job would.
      backoffLimitPerIndex: 0,
      backoffLimit: spec.count,
      podReplacementPolicy: "Failed",
      activeDeadlineSeconds: spec.trial.deadlineSeconds,
      ttlSecondsAfterFinished: 300,
      template,
    },
  };
  return {
    job,
    others: [
      scriptConfigMap(spec, name),
      ...besideConfigMaps(spec, name),
      ...openedConfigMaps(spec, name).map(({ configMap }) => configMap),
    ],
  };
}

/** Place of the script below /tunebench/load: as deep as the files want that it opens by a way up. */
export function scriptPath(name: string, files: RunnersSpec["files"]): string {
  const ups = Object.keys(files).map((path) => path.split("/").filter((part) => part === "..").length);
  return posix.join(...Array.from({ length: Math.max(0, ...ups) }, () => "up"), name);
}

/** The files that the script opens, at their places from the script's; [] where it opens none. Throws InputError where they are too large. */
function openedConfigMaps({ trial, script, files }: RunnersSpec, name: string): ReturnType<typeof filesConfigMap>[] {
  const folder = posix.dirname(scriptPath(script.name, files));
  const placed = Object.entries(files).map(([path, content]) => [posix.join(folder, path), content] as const);
  if (placed.length === 0) return [];
  const of = { name: `${name}-files`, component: "generator", trial: trial.sequence, role: "generator" } as const;
  return [filesConfigMap(metadataOf(trial, of), Object.fromEntries(placed))];
}

function loadVolume(spec: RunnersSpec, name: string): V1Volume {
  const opened = openedConfigMaps(spec, name);
  if (opened.length === 0) return { name: "load", configMap: { name, defaultMode: 0o444 } };
  const script = {
    configMap: { name, items: [{ key: spec.script.name, path: scriptPath(spec.script.name, spec.files) }] },
  };
  const files = opened.map(({ configMap, volume }) => ({
    configMap: { name: configMap.metadata?.name ?? "", items: volume.configMap?.items ?? [] },
  }));
  return { name: "load", projected: { defaultMode: 0o444, sources: [script, ...files] } };
}

export function runnersName(trial: Pick<TrialObjects, "runName" | "sequence">): string {
  return podName(trial.runName, trial.sequence, "generator");
}

function scriptConfigMap({ trial, script }: RunnersSpec, name: string): V1ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(trial, { name, component: "generator", trial: trial.sequence, role: "generator" }),
    immutable: true,
    data: { [script.name]: script.text },
  };
}

/** [] of an engine that has nothing there. */
function besideConfigMaps({ trial, beside }: RunnersSpec, name: string): V1ConfigMap[] {
  if (Object.keys(beside).length === 0) return [];
  const of = { name: `${name}-beside`, component: "generator", trial: trial.sequence, role: "generator" } as const;
  return [{ apiVersion: "v1", kind: "ConfigMap", metadata: metadataOf(trial, of), immutable: true, data: beside }];
}

function podSpec(spec: RunnersSpec, name: string): V1PodSpec {
  const { cluster, deadlineSeconds } = spec.trial;
  return {
    ...ownPodSpec(deadlineSeconds),
    shareProcessNamespace: true,
    nodeSelector: cluster.nodeSelector,
    tolerations: cluster.tolerations,
    ...spread(spec.trial),
    securityContext: { ...restrictedPod(spec.form.user), ...sysctlsOf(spec.sysctls) },
    // Side by side: a kubelet looks once a second whether one of a row has started, so that a row of them takes seconds.
    containers: [samplerContainer(spec.trial, spec.sampler), stopGenerator(spec), generator(spec)],
    volumes: [
      programsVolume(spec.trial),
      loadVolume(spec, name),
      ...besideConfigMaps(spec, name).map(besideVolume),
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
    ],
  };
}

function besideVolume({ metadata }: V1ConfigMap): V1Volume {
  return { name: "beside", configMap: { name: metadata?.name ?? "", defaultMode: 0o444 } };
}

function sysctlsOf(sysctls: Sysctls) {
  const list = Object.entries(sysctls).map(([name, value]) => ({ name, value }));
  return list.length === 0 ? {} : { sysctls: list };
}

/** Over the nodes evenly, and away from the target where there is another node: a generator takes CPU from it. */
function spread(trial: TrialObjects): Pick<V1PodSpec, "affinity" | "topologySpreadConstraints"> {
  const topologyKey = "kubernetes.io/hostname";
  const ofTrial = { [labelKeys.run]: trial.runName, [labelKeys.trial]: sequenceText(trial.sequence) };
  const select = (component: string) => ({ matchLabels: { ...ofTrial, [labelKeys.component]: component } });
  return {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey, labelSelector: select("target") } },
        ],
      },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey, whenUnsatisfiable: "ScheduleAnyway", labelSelector: select("generator") },
    ],
  };
}

function stopGenerator(spec: RunnersSpec): V1Container {
  const settings: StopSettings = { relay: spec.relay, trial: sequenceText(spec.trial.sequence), generator: stopAt };
  const container = programContainer(spec.trial, {
    name: "stop-generator",
    program: "stop-generator.mjs",
    env: { TUNEBENCH_STOP: JSON.stringify(settings) },
    cpu: "10m",
    memory: ["48Mi", "128Mi"],
  });
  return { ...container, env: [...(container.env ?? []), secretEnv(spec.trial)] };
}

function generator(spec: RunnersSpec): V1Container {
  const { trial, program, form, script, files, beside } = spec;
  const scriptFolder = posix.dirname(posix.join(podPaths.load, scriptPath(script.name, files)));
  const besideMount = { name: "beside", mountPath: podPaths.beside, readOnly: true };
  return {
    name: generatorContainer,
    image: trial.cluster.images[form.image],
    imagePullPolicy: trial.cluster.imagePullPolicy,
    command: program.argv.map(literal),
    workingDir: form.worksBesideScript ? scriptFolder : "/tmp",
    env: [...literalEnv(program.env), ...ownPlace, secretEnv(trial), exportHeaders(spec), sharedStart(spec)],
    securityContext: restricted(form.user),
    resources: { requests: { cpu: trial.cluster.runnerCpu, memory: "128Mi" }, limits: { memory: "4Gi" } },
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      { name: "load", mountPath: podPaths.load, readOnly: true },
      ...(Object.keys(beside).length === 0 ? [] : [besideMount]),
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

/** What a runner is known by; its number, 0-based, an Indexed Job writes on each of its pods. */
const known = {
  TUNEBENCH_RUNNER: "metadata.annotations['batch.kubernetes.io/job-completion-index']",
  POD_NAME: "metadata.name",
  NODE_NAME: "spec.nodeName",
};
const ownPlace = Object.entries(known).map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } }));

/** Whom the runner asks for the common start, and as whom, by the variables before it. */
function sharedStart({ trial, count, relay }: RunnersSpec) {
  const registration: Registration = {
    trial: sequenceText(trial.sequence),
    runner: 0,
    count,
    pod: "$(POD_NAME)",
    node: "$(NODE_NAME)",
  };
  const authorization = authorizationOf(`$(${secretVariable})`);
  const shared: SharedStart = { url: `http://${relay}/register`, authorization, registration };
  return {
    name: "TUNEBENCH_SHARED",
    value: JSON.stringify(shared).replace('"runner":0', '"runner":$(TUNEBENCH_RUNNER)'),
  };
}

/** Goes with every export, so that the relay knows whose it is. */
function exportHeaders({ trial, form }: RunnersSpec) {
  const headers = {
    authorization: `${encodeURIComponent(authorizationOf(""))}$(${secretVariable})`,
    "tunebench-trial": sequenceText(trial.sequence),
    "tunebench-runner": "$(TUNEBENCH_RUNNER)",
  };
  const text = Object.entries(headers).map(([name, value]) => `${name}=${value}`);
  return { name: form.headersVariable, value: text.join(",") };
}
