import type { Cluster } from "../../../suite/cluster.ts";
import { refusesSettings } from "../platform-words.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { failureOf } from "./find-pod-failure.ts";
import type { Event, Pod } from "./kinds.ts";
import { lateness, type Stretch, stretchOf } from "./lateness.ts";
import { readLog } from "./log.ts";
import { containerStatuses } from "./pod-end.ts";
import { type Failing, failing, PodFailure } from "./pod-failure.ts";
import { ApiRefusal } from "./refusal.ts";
import { settingRefusal } from "./sandbox-failure.ts";
import { watchObjects } from "./watch.ts";

export interface PodPatience {
  /** Until a pod is scheduled; from then on until its containers run. */
  timeouts: Pick<Cluster["timeouts"], "scheduleMs" | "startMs">;
  /** From then on until it is ready, or ended: what the pod itself takes. */
  ownMs: number;
  /** Ends the wait: rejects with its reason. */
  signal?: AbortSignal;
}

/**
 * Watches one pod and its events until `decide` has an answer. Rejects with PodFailure as soon as a failure is
 * recognised or a stretch of the way took longer than it may, with the signal's reason, and with what a call of the API
 * rejects with.
 */
export async function observePod<T>(
  api: ClusterApi,
  podName: string,
  patience: PodPatience,
  decide: (pod: Pod) => T | null,
): Promise<T> {
  const done = new AbortController();
  const signal = patience.signal === undefined ? done.signal : AbortSignal.any([patience.signal, done.signal]);
  const view = new View(patience, decide);
  patience.signal?.addEventListener("abort", () => view.stop(patience.signal?.reason), { signal: done.signal });
  const pods = watchObjects(
    api,
    "Pod",
    { fields: `metadata.name=${podName}` },
    (pod, gone) => view.takePod(pod, gone),
    signal,
  );
  const events = watchEvents(api, podName, (event) => view.takeEvent(event), signal);
  for (const watched of [pods, events]) watched.catch((error: unknown) => view.stop(error));
  try {
    const result = await view.result;
    if ("answer" in result) return result.answer;
    throw await withLastLines(api, podName, result.failing, view.pod);
  } finally {
    view.close();
    done.abort();
  }
}

/** Events say more, but a pod can be awaited without the right to read them. */
async function watchEvents(
  api: ClusterApi,
  podName: string,
  onEvent: (event: Event) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const fields = `involvedObject.kind=Pod,involvedObject.name=${podName}`;
    await watchObjects(api, "Event", { fields }, (event, gone) => void (gone || onEvent(event)), signal);
  } catch (error) {
    if (!(error instanceof ApiRefusal && error.code === 403)) throw error;
  }
}

/** What was seen of a pod, and the answer that comes of it. */
class View<T> {
  readonly #patience: PodPatience;
  readonly #decide: (pod: Pod) => T | null;
  readonly #events = new Map<string, Event>();
  readonly #result = Promise.withResolvers<{ answer: T } | { failing: Failing }>();
  #stretch: Stretch | null = null;
  #timer: NodeJS.Timeout | undefined;
  pod: Pod | null = null;

  constructor(patience: PodPatience, decide: (pod: Pod) => T | null) {
    this.#patience = patience;
    this.#decide = decide;
    this.#enter("schedule");
  }

  get result(): Promise<{ answer: T } | { failing: Failing }> {
    return this.#result.promise;
  }

  takePod(pod: Pod, gone: boolean): void {
    this.pod = pod;
    if (gone) this.#fail(failureOf(pod, this.#eventsOf(pod)) ?? failing("deleted", "", "it was deleted"));
    else this.#look();
  }

  takeEvent(event: Event): void {
    this.#events.set(event.metadata?.uid ?? "", event);
    this.#look();
  }

  stop(reason: unknown): void {
    this.#result.reject(reason);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    const { pod } = this;
    if (pod === null) return;
    const answer = this.#decide(pod);
    const found = failureOf(pod, this.#eventsOf(pod));
    if (answer !== null) this.#result.resolve({ answer });
    else if (found !== null) this.#fail(found);
    else if (pod.status?.phase === "Succeeded") this.#fail(failing("crash", "", "it ended before it was ready"));
    else if (stretchOf(pod) !== this.#stretch) this.#enter(stretchOf(pod));
  }

  #enter(stretch: Stretch): void {
    const { timeouts, ownMs } = this.#patience;
    const limitMs = { schedule: timeouts.scheduleMs, start: timeouts.startMs, own: ownMs }[stretch];
    clearTimeout(this.#timer);
    this.#stretch = stretch;
    const late = () =>
      this.#fail(lateness(stretch, limitMs, this.pod, this.pod === null ? [] : this.#eventsOf(this.pod)));
    this.#timer = setTimeout(late, limitMs);
  }

  #fail(found: Failing): void {
    this.#result.resolve({ failing: found });
  }

  /** Of this pod only: one of the same name may have been there before. Oldest first. */
  #eventsOf(pod: Pod): Event[] {
    const own = [...this.#events.values()].filter(({ involvedObject }) => involvedObject.uid === pod.metadata?.uid);
    return own.sort((a, b) => momentOf(a).localeCompare(momentOf(b)));
  }
}

/** RFC 3339, of one form for events of one source. */
function momentOf(event: Event): string {
  return event.lastTimestamp ?? event.series?.lastObservedTime ?? event.eventTime ?? "";
}

const withoutLog = ["image", "configuration", "mount", "sandbox"];

/** The failure with what its container wrote last; an init container's words may say that the settings were refused. */
async function withLastLines(api: ClusterApi, podName: string, found: Failing, pod: Pod | null): Promise<PodFailure> {
  const node = pod?.spec?.nodeName ?? null;
  const { container } = found;
  if (pod === null || container === null || withoutLog.includes(found.kind))
    return new PodFailure(podName, found, { node });
  const state = containerStatuses(pod).find(({ name }) => name === container);
  const previous = state?.state?.terminated === undefined;
  const lastLines = await readLog(api, { pod: podName, container, previous }).catch(() => []);
  const refused = found.kind === "init" ? lastLines.findLast(refusesSettings) : undefined;
  const all = refused === undefined ? found : { ...found, ...settingRefusal(refused) };
  return new PodFailure(podName, all, { lastLines, node });
}
