import { CapabilityError, type ExpectedError } from "../../../core/errors.ts";
import type { Scope } from "../../../core/scope.ts";
import { formatSeconds } from "../../../core/units.ts";
import { counted } from "../../../core/words.ts";
import { settings } from "../../../knowledge/settings.ts";
import type { LiveCaveat } from "../../../observe/observation.ts";
import type { ObservationInput } from "../../../observe/seen.ts";
import { podProgramText } from "../../../pods/bundle.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import { connect } from "../api/connect.ts";
import type { Pod } from "../api/kinds.ts";
import { openLog } from "../api/log.ts";
import { watchObjects } from "../api/watch.ts";
import { addressNames } from "./address-names.ts";
import { choosePods, type PodChoice } from "./choose-pods.ts";
import { followLook, type LookFollow } from "./follow-look.ts";
import { mainContainer } from "./look-container.ts";
import { type NodeLooks, nodeLookContainer, openNodeLooks, placeNodeLook } from "./node-look.ts";
import { placeLook } from "./place-look.ts";
import { type PodWanted, seenOf } from "./pod-seen.ts";
import { podText } from "./put-container.ts";

/** Each pod that is looked at gets a record that stays: not more at once. */
const mostPods = 32;
/** A container that runs tells what it sees within a second; its log may take a moment. */
const firstWordMs = 20_000;

export interface PodLooksRequest {
  cluster: Cluster;
  choice: PodChoice;
  /** How long the looks are to go on. */
  seconds: number;
  /** Settings that are wanted, dotted. */
  keys: readonly string[];
  scope: Scope;
  note: (words: string) => void;
}

/** Pods that are looked at, until the scope is closed. */
export interface PodLooks {
  /** What was seen in the last `windowMs`. */
  input(windowMs: number, withinSeconds: number): ObservationInput;
  /** Their specs, as they were at the beginning. */
  pods: Pod[];
  /** Resolves when nobody is left to be looked at: each pod was deleted, or what looked has ended. */
  over: Promise<void>;
}

/** Every setting that is known to be a network namespace's own. */
const podKeys = settings.flatMap(({ key, scope }) =>
  scope.kind === "private" && scope.namespace === "network" ? [key] : [],
);

interface Watched {
  pod: Pod;
  /** From inside the pod, and on its node; null where nobody looks from there. */
  inside: LookFollow | null;
  onNode: LookFollow | null;
  /** What came of placing them. */
  caveats: LiveCaveat[];
  /** How the pod went while it was looked at; null while it is there. */
  gone: { afterSeconds: number } | null;
  over: Promise<void>;
}

/**
 * Begins to look at the pods that are meant, by a container in each, and with the cluster file's `observeNode` by a pod on its node as well; resolves
 * once each has told something. Rejects with InputError where no such pod is there, CapabilityError where it can't be looked at, each with what to do.
 */
export async function lookIntoPods(request: PodLooksRequest): Promise<PodLooks> {
  const api = await connect({ ...request.cluster, namespace: request.choice.namespace });
  const { running, others } = await choosePods(api, request.choice);
  const pods = running.slice(0, mostPods);
  const [text, names] = await Promise.all([podProgramText("look.mjs"), addressNames(api, [...running, ...others])]);
  const nodes = request.cluster.observeNode ? await openNodeLooks(request.cluster, request.scope) : null;
  const watched = await Promise.all(pods.map((pod) => watchPod({ ...request, api, nodes, text }, pod)));
  request.note(`looking at ${wordsOf(pods)} for ${formatSeconds(request.seconds)}`);
  const leftOut = running.length + others.length - pods.length;
  const caveats: LiveCaveat[] =
    leftOut === 0 ? [] : [{ code: "pods-left-out", running: running.length - pods.length, notRunning: others.length }];
  return {
    pods,
    over: Promise.all(watched.map(({ over }) => over)).then(() => undefined),
    input: (windowMs, withinSeconds) => {
      for (const { inside, onNode } of watched)
        for (const follow of [inside, onNode]) follow?.forget(performance.now() - windowMs);
      return inputOf(watched, { names, keys: request.keys }, caveats, withinSeconds);
    },
  };
}

function wordsOf(pods: readonly Pod[]): string {
  const [only] = pods;
  return pods.length === 1 && only !== undefined ? podText(only) : counted(pods.length, "pod");
}

/** What all looks of one request are made with. */
interface LookTools extends PodLooksRequest {
  api: ClusterApi;
  /** null: nobody looks from nodes. */
  nodes: NodeLooks | null;
  text: string;
}

async function watchPod(tools: LookTools, pod: Pod): Promise<Watched> {
  const [inside, onNode] = await Promise.all([lookInside(tools, pod), lookOnNode(tools, pod)]);
  const follows = [inside.follow, onNode.follow].filter((follow) => follow !== null);
  const refusal = inside.refusal ?? onNode.refusal;
  if (follows.length === 0) throw refusal;
  const watched: Watched = {
    ...{ pod, inside: inside.follow, onNode: onNode.follow, gone: null },
    caveats: [...inside.caveats, ...onNode.caveats],
    over: Promise.resolve(),
  };
  const beganMs = performance.now();
  const setGone = () => {
    watched.gone ??= { afterSeconds: (performance.now() - beganMs) / 1000 };
  };
  // Of a pod that goes its containers may end before the word of it comes.
  const ended = Promise.all(follows.map((follow) => follow.ended)).then(async () => {
    if (await isGone(tools.api, pod)) setGone();
  });
  watched.over = Promise.race([ended, untilGone(tools.api, pod, tools.scope.signal).then(setGone)]);
  await firstWords(watched, follows);
  return watched;
}

/** A look that could be placed, or why it could not be. */
interface Placed {
  follow: LookFollow | null;
  refusal: ExpectedError | null;
  caveats: LiveCaveat[];
}

const notAsked: Placed = { follow: null, refusal: null, caveats: [] };

async function lookInside(tools: LookTools, pod: Pod): Promise<Placed> {
  const { api, cluster, text, keys, seconds, scope, note } = tools;
  try {
    // One that runs serves whoever asks within its minute, whatever they want to know.
    const all = [...new Set([...podKeys, ...keys])];
    const asked = { api, cluster, pod, text, keys: all, seconds, signal: scope.signal, note };
    const container = await placeLook(asked);
    const caveat: LiveCaveat = { code: "container-stays", pod: podText(pod), container };
    return {
      follow: followed(api, { pod: pod.metadata?.name ?? "", container }, scope),
      refusal: null,
      caveats: [caveat],
    };
  } catch (error) {
    return unlessNodeWill(error, cluster);
  }
}

async function lookOnNode({ nodes, cluster, text, seconds, scope }: LookTools, pod: Pod): Promise<Placed> {
  if (nodes === null) return notAsked;
  const container = mainContainer(pod);
  const name = await placeNodeLook({ ...nodes, cluster, pod, container, text, seconds, scope });
  return { ...notAsked, follow: followed(nodes.api, { pod: name, container: nodeLookContainer }, scope) };
}

/** Where a pod on the node looks as well, a pod that takes no container more is no reason to give up. */
function unlessNodeWill(error: unknown, cluster: Cluster): Placed {
  if (!(error instanceof CapabilityError)) throw error;
  return {
    follow: null,
    refusal: error,
    caveats: cluster.observeNode ? [{ code: "no-look-inside", words: error.message }] : [],
  };
}

function followed(api: ClusterApi, place: { pod: string; container: string }, scope: Scope): LookFollow {
  const follow = followLook((request) => openLog(api, request), place);
  scope.defer(`the log of ${place.container} in ${place.pod}`, follow.stop);
  return follow;
}

/** Rejects where nothing is heard in time. */
async function firstWords({ pod, over }: Watched, follows: LookFollow[]): Promise<void> {
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), firstWordMs);
  const heard = await Promise.race([Promise.all(follows.map(({ begun }) => begun)), over, late.promise]);
  clearTimeout(timer);
  if (heard !== "late") return;
  const why = follows.flatMap((follow) => follow.losses());
  throw new CapabilityError(
    `nothing was heard of pod ${podText(pod)} within ${firstWordMs / 1000} s: ${why.join("; ")}`,
    {
      hint: "clusters/rbac-observe.yaml grants what is needed (get pods/log)",
    },
  );
}

/** Whether it is there no more, or about to go; false where nobody can tell. */
async function isGone(api: ClusterApi, pod: Pod): Promise<boolean> {
  const now = await api.get("Pod", pod.metadata?.name ?? "").catch(() => pod);
  return now?.metadata?.uid !== pod.metadata?.uid || now?.metadata?.deletionTimestamp !== undefined;
}

/** Resolves when the pod is being deleted, or gone. */
async function untilGone(api: ClusterApi, pod: Pod, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const over = AbortSignal.any([signal, done.signal]);
  const take = (now: Pod, gone: boolean) => {
    if (now.metadata?.uid !== pod.metadata?.uid) return;
    if (gone || now.metadata?.deletionTimestamp !== undefined) done.abort();
  };
  // That the API is away for a while ends no look: its log is followed on.
  await watchObjects(api, "Pod", { fields: `metadata.name=${pod.metadata?.name}` }, take, over).catch(() => {});
  if (!done.signal.aborted) await new Promise<never>(() => {});
}

function inputOf(
  watched: Watched[],
  asked: Omit<PodWanted, "showsNode">,
  caveats: LiveCaveat[],
  withinSeconds: number,
): ObservationInput {
  const nodes = new Map(watched.map(({ pod, onNode }) => [pod.spec?.nodeName ?? "", onNode]));
  const [onlyNode] = nodes.size === 1 ? [...nodes.values()] : [];
  const wanted: PodWanted = { ...asked, showsNode: onlyNode != null };
  const follows = watched.flatMap(({ inside, onNode }) => [inside, onNode].filter((follow) => follow !== null));
  return {
    seen: watched.map(({ pod, inside, onNode, caveats, gone }) => {
      const seen = seenOf({ pod, inside: inside?.heard ?? null, onNode: onNode?.heard ?? null }, wanted);
      const ended: LiveCaveat[] =
        gone === null ? [] : [{ code: "ended", who: seen.subject, afterSeconds: gone.afterSeconds }];
      return { ...seen, caveats: [...ended, ...caveats, ...seen.caveats] };
    }),
    node: (onlyNode?.heard.samples ?? []).filter(({ kind }) => kind === "node"),
    steering: onlyNode?.heard.steering ?? null,
    withinSeconds,
    costMs: follows.reduce((sum, { heard }) => sum + heard.costMs, 0),
    caveats: [
      ...caveats,
      ...follows.flatMap((follow) => follow.losses()).map((words): LiveCaveat => ({ code: "look-cut", words })),
      ...(onlyNode == null ? [notTheNode("conntrack"), notTheNode("steering")] : []),
    ],
  };
}

function notTheNode(what: "conntrack" | "steering"): LiveCaveat {
  return { code: "not-readable", what, why: { kind: "not-the-node" }, place: null };
}
