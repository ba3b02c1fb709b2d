import { endpointText } from "../../core/endpoint.ts";
import { CapabilityError, IncompleteError } from "../../core/errors.ts";
import { bundlePodPrograms } from "../../pods/bundle.ts";
import type { Teardown } from "../testbed.ts";
import { untilReady, watchEnd } from "./api/await-pod.ts";
import type { ClusterApi } from "./api/cluster-api.ts";
import { createPod } from "./api/create-pod.ts";
import { type OpenRun, openRun } from "./api/open-run.ts";
import { ApiRefusal, isForbiddenByRbac } from "./api/refusal.ts";
import type { ClusterWork } from "./cluster-work.ts";
import { programsConfigMap } from "./objects/programs.ts";
import { type RelaySpec, relayName, relayObjects, relayPort, sharedRelayAccount } from "./objects/relay.ts";
import type { RunObjects } from "./objects/run-objects.ts";
import { followRelay, type RelayFollow } from "./runners/relay-follow.ts";

/** What all trials of a run share in the cluster. */
export interface RunInCluster extends OpenRun {
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
 * Makes a run's owner, Lease, programs and relay, all of which go with the teardown. `lost` of what it gives resolves for the relay's
 * end, too. Rejects with PodFailure where the relay does not come up.
 */
export async function beginRun(
  work: ClusterWork,
  run: { runName: string; data: Record<string, string> },
  teardown: Teardown,
): Promise<RunInCluster> {
  const { api, cluster } = work;
  const opened = await openRun({ api, cluster, ...run, teardown });
  await makePrograms(api, opened.objects);
  const pod = await startRelay(work, opened.objects);
  const ended = new AbortController();
  teardown.add("the relay's log", () => ended.abort());
  const relay = followRelay(work.openLog, pod.name);
  ended.signal.addEventListener("abort", relay.stop);
  const lost = Promise.race([opened.lost, endOfRelay(api, pod.name, ended.signal), abandoned(relay)]);
  return { ...opened, lost, relay, relayEndpoint: endpointText(pod.address, relayPort) };
}

/** The programs that run inside a run's pods. */
export async function makePrograms(api: ClusterApi, objects: RunObjects): Promise<void> {
  await api.create(programsConfigMap(objects, await bundlePodPrograms()));
}

async function startRelay({ api, cluster }: ClusterWork, run: RunObjects) {
  const { pod } = relayObjects({ ...relaySpec(run), account: await makeAccount(api, run) });
  await createPod(api, pod);
  return await untilReady(api, relayName(run), { timeouts: cluster.timeouts, ownMs: relayStartMs });
}

function relaySpec(run: RunObjects): Omit<RelaySpec, "account"> {
  const settings = { namespace: run.namespace, run: run.runName, silenceMs };
  return { run, deadlineSeconds: relayLifeSeconds, settings };
}

/** An account of the run's own; where this one may not make it, the one that an administrator made. */
async function makeAccount(api: ClusterApi, run: RunObjects): Promise<RelaySpec["account"]> {
  const { others } = relayObjects({ ...relaySpec(run), account: "own" });
  try {
    for (const object of others) await api.create(object);
    return "own";
  } catch (error) {
    if (!(error instanceof ApiRefusal && isForbiddenByRbac({ code: error.code, message: error.words }))) throw error;
  }
  await checkSharedAccount(api);
  return "shared";
}

async function checkSharedAccount(api: ClusterApi): Promise<void> {
  if ((await api.get("ServiceAccount", sharedRelayAccount)) !== null) return;
  throw new CapabilityError(
    `namespace ${api.namespace} has no service account ${sharedRelayAccount}, and this one may not make it`,
    { hint: `an administrator runs: kubectl apply --namespace ${api.namespace} -f clusters/rbac.yaml` },
  );
}

/** Why a run ends whose objects are gone, or about to be: trial after trial would fail. */
export function lostRun(words: string): IncompleteError {
  return new IncompleteError(`the run can't go on: ${words}`);
}

/** Resolves with a sentence when the relay's pod is over; never where nobody waits any more. */
async function endOfRelay(api: ClusterApi, pod: string, signal: AbortSignal): Promise<string> {
  const end = await watchEnd(api, pod, "relay", signal).catch((error: Error) => error);
  if (end === null) return await new Promise<never>(() => {});
  if (end instanceof Error) return `the relay can't be watched: ${end.message}`;
  return `the relay's pod ended (${end.reason}${end.words === "" ? "" : `: ${end.words}`})`;
}

function abandoned(relay: RelayFollow): Promise<string> {
  return new Promise((resolve) => {
    relay.listen((message) => {
      if (message.kind !== "abandoned") return;
      resolve(`the relay heard nothing of the harness for ${Math.round(message.silentMs / 1000)} s, and ends the run`);
    });
  });
}
