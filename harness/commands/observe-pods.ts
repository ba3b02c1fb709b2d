import { IncompleteError } from "../core/errors.ts";
import { openScope } from "../core/scope.ts";
import { toldKeys } from "../observe/setting-origin.ts";
import type { LiveLook } from "../subjects/look.ts";
import { clusterFolders, defaultCluster, loadCluster } from "../suite/cluster-file/load-cluster.ts";
import { type PodChoice, podChoice, workloadChoice } from "../testbeds/kubernetes/observe/choose-pods.ts";
import { mainContainer } from "../testbeds/kubernetes/observe/look-container.ts";
import { lookIntoPods, type PodLooks } from "../testbeds/kubernetes/observe/look-into-pods.ts";
import { plainEnv, podManifest } from "../testbeds/kubernetes/observe/pod-manifest.ts";
import type { SuiteSubject } from "./observe-suite.ts";

export interface PodOptions {
  /** NS/NAME */
  pod?: string;
  /** NS/KIND/NAME */
  workload?: string;
  /** Cluster file; without one kubectl's own context, with the defaults of a cluster file. */
  cluster?: string;
}

/** A look into pods, and what their specs are. */
export interface PodLook extends LiveLook {
  pods: PodLooks["pods"];
}

export interface PodLookRequest {
  /** How long it is to go on. */
  seconds: number;
  withinSeconds: number;
  /** Settings to read beside those that each look tells. */
  keys: readonly string[];
  signal: AbortSignal;
}

/** Begins to look into the pods that are asked for. Closing it takes away what was made, but for the records that Kubernetes keeps. */
export async function openPodLook(options: PodOptions, request: PodLookRequest): Promise<PodLook> {
  const { seconds, withinSeconds, keys, signal } = request;
  const choice = choiceOf(options);
  const cluster =
    options.cluster === undefined ? defaultCluster() : await loadCluster(options.cluster, { from: clusterFolders() });
  const scope = openScope(signal);
  const close = async () => {
    const left = await scope.close();
    if (left.length > 0) throw new IncompleteError(`what looked could not be cleaned up: ${left.join("; ")}`);
  };
  try {
    const note = (words: string) => void process.stderr.write(`${words}\n`);
    const all = [...new Set([...toldKeys, ...keys])];
    const looks = await lookIntoPods({ cluster, choice, seconds, keys: all, scope, note });
    return { pods: looks.pods, ended: looks.over, close, input: (windowMs) => looks.input(windowMs, withinSeconds) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The first of the pods, as a suite begins with it: its own spec, to be made again. */
export function podSubject(
  look: LiveLook,
  { cluster = null, workload }: { cluster?: string | null; workload?: string },
): SuiteSubject {
  const [pod] = (look as PodLook).pods;
  if (pod === undefined) throw new Error("no pod was looked at");
  const container = mainContainer(pod);
  const own = pod.spec?.containers.find(({ name }) => name === container);
  return {
    kind: "pod",
    name: workload?.split("/").at(-1) ?? pod.metadata?.name ?? "",
    ports: (own?.ports ?? []).map(({ containerPort }) => containerPort),
    pod: { kind: "pod", manifest: podManifest(pod), container, env: plainEnv(pod, container), cluster },
  };
}

function choiceOf({ pod, workload }: PodOptions): PodChoice {
  return pod === undefined ? workloadChoice(workload ?? "") : podChoice(pod);
}
