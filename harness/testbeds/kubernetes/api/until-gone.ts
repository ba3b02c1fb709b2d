import type { ClusterApi } from "./cluster-api.ts";
import { watchPods } from "./watch.ts";

/** Resolves as soon as no pod with these labels is there; with the names of those that are after `limitMs`. */
export async function untilPodsGone(api: ClusterApi, labels: string, limitMs: number): Promise<string[]> {
  const there = new Set<string>();
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), limitMs);
  let isListed = false;
  const look = () => void (isListed && there.size === 0 && over.abort());
  const onListed = () => {
    isListed = true;
    look();
  };
  const onChange: Parameters<typeof watchPods>[2] = ({ metadata }, gone) => {
    there[gone ? "delete" : "add"](metadata?.name ?? "");
    look();
  };
  try {
    await watchPods(api, { labels }, onChange, over.signal, onListed);
    return [...there];
  } finally {
    clearTimeout(timer);
  }
}
