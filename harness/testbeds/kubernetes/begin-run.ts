import { randomBytes } from "node:crypto";
import { endpointText } from "../../core/endpoint.ts";
import { IncompleteError } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import { podProgramTexts } from "../../pods/bundle.ts";
import { untilReady, watchEnd } from "./api/await-pod.ts";
import type { ClusterApi } from "./api/cluster-api.ts";
import { createPod } from "./api/create-pod.ts";
import { type OpenRun, openRun } from "./api/own-run.ts";
import type { ClusterWork } from "./cluster-work.ts";
import { programsConfigMap } from "./objects/containers.ts";
import { relayName, relayObjects, relayPort } from "./objects/relay.ts";
import type { RunObjects } from "./objects/run-objects.ts";
import { followRelay, type RelayFollow } from "./runners/relay-follow.ts";

/** What all trials of a run share in the cluster. */
export interface RunInCluster extends Omit<OpenRun, "lost"> {
  /** Aborted, with LostRun, once the run can't go on: the cluster or somebody took away what it stands on. */
  lost: AbortSignal;
  relay: RelayFollow;
  /** host:port at which pods reach the relay. */
  relayEndpoint: string;
}

/** A run may take a week; whoever deletes its owner, or lets its Lease go stale, ends the relay earlier. */
const relayLifeSeconds = 7 * 24 * 3600;
const relayStartMs = 30_000;
/** Without a sign of life of the harness for so long the relay ends the run. */
const silenceMs = 30_000;

/**
 * Makes a run's owner, Lease, programs and relay, all of which go with the scope. Rejects with PodFailure where the relay does not come up.
 */
export async function beginRun(
  work: ClusterWork,
  run: { runName: string; data: Record<string, string> },
  scope: Scope,
): Promise<RunInCluster> {
  const { api, cluster } = work;
  const opened = await openRun({ api, cluster, ...run, scope });
  await makePrograms(api, opened.objects);
  const pod = await startRelay(work, opened.objects);
  const relay = followRelay(work.openLog, pod.name);
  scope.defer("the relay's log", relay.stop);
  const ended = new AbortController();
  const lose = (words: string) => ended.abort(new LostRun(words));
  void opened.lost.then(lose);
  void watchRelay(api, pod.name, scope.signal, lose);
  relay.listen((message) => {
    if (message.kind !== "abandoned") return;
    lose(`the relay heard nothing of the harness for ${Math.round(message.silentMs / 1000)} s, and ends the run`);
  });
  return { ...opened, lost: ended.signal, relay, relayEndpoint: endpointText(pod.address, relayPort) };
}

/** Why a run ends whose objects are gone, or about to be: trial after trial would fail. */
export class LostRun extends IncompleteError {
  readonly words: string;

  constructor(words: string) {
    super(`the run can't go on: ${words}`);
    this.words = words;
  }
}

/** The programs that run inside a run's pods. */
export async function makePrograms(api: ClusterApi, objects: RunObjects): Promise<void> {
  await api.create(programsConfigMap(objects, await podProgramTexts()));
}

async function startRelay({ api, cluster }: ClusterWork, run: RunObjects) {
  const settings = { namespace: run.namespace, run: run.runName, silenceMs };
  const secret = randomBytes(32).toString("hex");
  const { pod, others } = relayObjects({ run, deadlineSeconds: relayLifeSeconds, settings, secret });
  for (const object of others) await api.create(object);
  await createPod(api, pod);
  return await untilReady(api, relayName(run), { timeouts: cluster.timeouts, ownMs: relayStartMs });
}

/** Tells when the relay's pod is over; not where nobody waits any more. */
async function watchRelay(api: ClusterApi, pod: string, signal: AbortSignal, lose: (words: string) => void) {
  try {
    const end = await watchEnd(api, pod, "relay", signal);
    if (end !== null) lose(`the relay's pod ended (${end.reason}${end.words === "" ? "" : `: ${end.words}`})`);
  } catch (error) {
    lose(`the relay can't be watched: ${(error as Error).message}`);
  }
}
