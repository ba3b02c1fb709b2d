import type { ClusterApi, Selector } from "../api/cluster-api.ts";
import type { Pod } from "../api/kinds.ts";
import { containerStatuses, endOfGone, type PodEnd, podEndOf } from "../api/pod-end.ts";
import { watchPods } from "../api/watch.ts";
import { generatorContainer } from "../objects/runners.ts";

/** A runner's pod as it was last seen. */
export interface RunnerPod {
  /** 0-based: the pod's place in its Indexed Job. */
  runner: number;
  name: string;
  node: string | null;
  /** Whether its generator has begun, so that there is a log. */
  began: boolean;
  /** How its generator ended; null while it has not. */
  end: PodEnd | null;
}

/** The pods of a load's runners, watched. */
export interface RunnerPods {
  /** By runner; those that were seen. */
  readonly seen: ReadonlyMap<number, RunnerPod>;
  /** Resolves once every runner's pod was seen and has ended, or is gone. */
  readonly ended: Promise<void>;
  /** Resolves with a sentence when they can no longer be watched. */
  readonly lost: Promise<string>;
  onChange(listener: (pod: RunnerPod) => void): void;
  stop(): void;
}

export function watchRunnerPods(api: ClusterApi, selector: Selector, count: number): RunnerPods {
  const seen = new Map<number, RunnerPod>();
  const listeners: ((pod: RunnerPod) => void)[] = [];
  const ended = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<string>();
  const stopped = new AbortController();
  const take = (pod: Pod, gone: boolean) => {
    const runner = runnerOf(pod);
    if (runner === null) return;
    const before = seen.get(runner);
    // An end that was seen stays: the pod may be cleared away after it.
    const end = before?.end ?? (gone ? endOfGone(pod, generatorContainer) : podEndOf(pod, generatorContainer));
    const name = pod.metadata?.name ?? "";
    const found = {
      runner,
      name,
      node: pod.spec?.nodeName ?? null,
      began: before?.began === true || hasBegun(pod),
      end,
    };
    seen.set(runner, found);
    for (const listener of listeners) listener(found);
    if (seen.size === count && [...seen.values()].every((each) => each.end !== null)) ended.resolve();
  };
  watchPods(api, selector, take, stopped.signal).catch((error: Error) => lost.resolve(error.message));
  return {
    seen,
    ended: ended.promise,
    lost: lost.promise,
    onChange: (listener) => void listeners.push(listener),
    stop: () => stopped.abort(),
  };
}

/** An Indexed Job names each pod's place on the pod. */
function runnerOf(pod: Pod): number | null {
  const index = pod.metadata?.annotations?.["batch.kubernetes.io/job-completion-index"];
  return index === undefined || !/^\d+$/.test(index) ? null : Number(index);
}

function hasBegun(pod: Pod): boolean {
  const state = containerStatuses(pod).find(({ name }) => name === generatorContainer)?.state;
  return state?.running !== undefined || state?.terminated !== undefined;
}
