import type { Exit } from "../../../engines/engine.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import type { Pod } from "../api/kinds.ts";
import { disruptionOf, signalOf } from "../api/pod-end.ts";
import { watchObjects } from "../api/watch.ts";
import { mainContainer } from "../observe/look-container.ts";
import { podText } from "../observe/put-container.ts";

/** What becomes of a pod that is not the run's. */
export interface InstalledNews {
  /** Its program ended, and the kubelet starts it again: as when a part of the run's own ends. */
  onEnd: (end: Exit) => void;
  /** It was taken away, in words. */
  onTakenAway: (words: string) => void;
}

/** Tells once what becomes of a pod, until the signal; that the API is away for a while is nothing. */
export function watchInstalled(api: ClusterApi, pod: Pod, news: InstalledNews, signal: AbortSignal): void {
  const over = new AbortController();
  const container = mainContainer(pod);
  const startsBefore = startsOf(pod, container);
  const take = (now: Pod, gone: boolean) => {
    const words = gone || now.metadata?.uid !== pod.metadata?.uid ? "it was deleted" : takenAwayWords(now);
    const end = words === null ? endOfProgram(now, container, startsBefore) : null;
    if (words !== null) news.onTakenAway(`${podText(pod)}: ${words}`);
    else if (end !== null) news.onEnd(end);
    else return;
    over.abort();
  };
  const both = AbortSignal.any([signal, over.signal]);
  watchObjects(api, "Pod", { fields: `metadata.name=${pod.metadata?.name}` }, take, both).catch(() => {});
}

function takenAwayWords(pod: Pod): string | null {
  const disruption = disruptionOf(pod);
  if (disruption !== null) return `${disruption.reason}: ${disruption.message}`;
  return pod.metadata?.deletionTimestamp === undefined ? null : "it was deleted";
}

/** null while the program is the one that it was. Pure. */
export function endOfProgram(pod: Pod, container: string, startsBefore: number): Exit | null {
  const status = pod.status?.containerStatuses?.find(({ name }) => name === container);
  const ended =
    status?.state?.terminated ?? (startsOf(pod, container) > startsBefore ? status?.lastState?.terminated : undefined);
  return ended === undefined ? null : signalOf(ended.exitCode);
}

/** How often the kubelet has started it again. */
function startsOf(pod: Pod, container: string): number {
  return pod.status?.containerStatuses?.find(({ name }) => name === container)?.restartCount ?? 0;
}
