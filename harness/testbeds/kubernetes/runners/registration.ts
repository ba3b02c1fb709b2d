import { abortable } from "../../../core/waits.ts";
import { PartFailure } from "../../failures.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import { observePod, type PodPatience } from "../api/observe-pod.ts";
import { PodFailure } from "../api/pod-failure.ts";
import type { RelayFollow } from "./relay-follow.ts";
import type { RunnerPods } from "./runner-pods.ts";

export interface RegistrationRequest {
  api: ClusterApi;
  relay: RelayFollow;
  pods: RunnerPods;
  /** Name of the Job whose pods they are. */
  job: string;
  trial: string;
  count: number;
  timeouts: PodPatience["timeouts"];
  /** Ends the wait: rejects with its reason. */
  signal: AbortSignal;
}

/**
 * Waits until all runners of a trial have registered and the relay has told when they begin: that instant, ms since 1970. Rejects with
 * PartFailure of role "generator" as soon as a pod fails in a way that is recognised, and where they are not all there in time.
 */
export async function untilStarted(request: RegistrationRequest): Promise<number> {
  const { relay, pods, trial, timeouts } = request;
  const done = new AbortController();
  const registered = new Set<number>();
  const started = Promise.withResolvers<number>();
  const unlisten = relay.listen((message) => {
    if (!("trial" in message) || message.trial !== trial) return;
    if (message.kind === "registered") registered.add(message.runner);
    if (message.kind === "start") started.resolve(message.startUnixMs);
  });
  const watched = new Set<string>();
  pods.onChange(({ name, runner }) => {
    if (watched.has(name) || done.signal.aborted) return;
    watched.add(name);
    watchFailure(request, name, runner, done.signal).catch(started.reject);
  });
  const late = () => void lateFailure(request, registered).then(started.reject, started.reject);
  const timer = setTimeout(late, timeouts.scheduleMs + timeouts.startMs);
  void pods.lost.then((words) => started.reject(new PartFailure("generator", `can't be watched: ${words}`, [])));
  try {
    return await abortable(started.promise, request.signal);
  } finally {
    clearTimeout(timer);
    done.abort();
    unlisten();
  }
}

/** Rejects when a runner's pod fails before the start; resolves once nobody waits for it. */
async function watchFailure(
  { api, timeouts, count }: RegistrationRequest,
  pod: string,
  runner: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    await observePod(api, pod, { timeouts, ownMs: timeouts.startMs, signal }, () => null);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof PodFailure)) throw error;
    const words = error.words === "" || error.lastLines.length > 0 ? "" : `: ${error.words}`;
    const what = `did not start: runner ${runner + 1} of ${count} (pod ${pod}): ${error.reason}${words}`;
    throw new PartFailure("generator", what, error.lastLines, error.hint ?? undefined);
  }
}

async function lateFailure(request: RegistrationRequest, registered: Set<number>): Promise<PartFailure> {
  const { count, pods, relay, timeouts } = request;
  const seconds = Math.round((timeouts.scheduleMs + timeouts.startMs) / 1000);
  const what = `did not start: ${registered.size} of ${count} runners were there within ${seconds} s`;
  const unmade = count - pods.seen.size;
  const words = [
    unmade > 0 ? `${unmade} of their pods were not made${await jobWords(request)}` : "",
    relay.trouble() === null ? "" : `the relay's log can't be had: ${relay.trouble()}`,
  ].filter((each) => each !== "");
  return new PartFailure("generator", [what, ...words].join("; "), []);
}

/** What the cluster says of a Job that makes no pods, such as a quota. */
async function jobWords({ api, job }: RegistrationRequest): Promise<string> {
  const fields = `involvedObject.kind=Job,involvedObject.name=${job},type=Warning`;
  const events = await api.list("Event", { fields }).catch(() => []);
  const words = events.at(-1)?.message;
  return words === undefined ? "" : ` (${words})`;
}
