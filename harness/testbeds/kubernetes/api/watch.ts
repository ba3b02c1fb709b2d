import { setTimeout as wait } from "node:timers/promises";
import { type ClusterApi, queryOf, type Selector } from "./cluster-api.ts";
import { type Kind, type Kinds, type Pod, pathOf } from "./kinds.ts";
import { readLines } from "./read-lines.ts";
import { ApiRefusal } from "./refusal.ts";

/** Called with an object as it is now; `gone` where the API has it no more, with its last known state. */
export type OnChange<T> = (object: T, gone: boolean) => void;

/** Pods as they change, from the first list on. See watchObjects. */
export function watchPods(
  api: ClusterApi,
  selector: Selector,
  onChange: OnChange<Pod>,
  signal: AbortSignal,
  onListed?: () => void,
): Promise<void> {
  return watchObjects(api, "Pod", selector, onChange, signal, onListed);
}

/**
 * Tells of each object that is there, and of each change, until the signal. No end is lost: a watch that is cut is
 * taken up where it was, and where the cluster no longer knows that place (410), all are listed again and what is
 * missing then is told as gone. Resolves after the signal; rejects with the ExpectedError of a call when the API is
 * away for longer than calls have patience, or says no. `onListed` is called after each list, once all that is in it
 * was told.
 */
export async function watchObjects<K extends Kind>(
  api: ClusterApi,
  kind: K,
  selector: Selector,
  onChange: OnChange<Kinds[K]>,
  signal: AbortSignal,
  onListed: () => void = () => {},
): Promise<void> {
  const watched = new Watched<K>(onChange);
  try {
    while (!signal.aborted) {
      const { items, resourceVersion } = await api.listAt(kind, selector);
      if (signal.aborted) return;
      watched.replaceAll(items, resourceVersion);
      onListed();
      await followUntilForgotten(api, kind, selector, watched, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Ends when the cluster no longer knows where the watch was. */
async function followUntilForgotten<K extends Kind>(
  api: ClusterApi,
  kind: K,
  selector: Selector,
  watched: Watched<K>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const query = { ...queryOf(selector), watch: "1", allowWatchBookmarks: "true", resourceVersion: watched.at };
    try {
      const stream = await api.open(pathOf(kind, api.namespace), query, signal);
      for await (const line of readLines(stream, longestObject)) watched.take(JSON.parse(line));
    } catch (error) {
      if (error instanceof Forgotten || (error instanceof ApiRefusal && error.code === 410)) return;
      if (signal.aborted || !isCutStream(error)) throw error;
    }
    await wait(100 + 400 * Math.random(), undefined, { signal });
  }
}

/** Objects of the API are at most some 3 MB. */
const longestObject = 16 * 1024 * 1024;

class Forgotten extends Error {}

/** Ends of a stream that the watch goes on after: a connection that was cut, a last line that came only in part. */
function isCutStream(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && "code" in error && typeof error.code === "string");
}

interface WatchEvent<T> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: T & { code?: number };
}

/** What is known of the watched objects, and up to where. */
class Watched<K extends Kind> {
  readonly #onChange: OnChange<Kinds[K]>;
  readonly #known = new Map<string, Kinds[K]>();
  at = "";

  constructor(onChange: OnChange<Kinds[K]>) {
    this.#onChange = onChange;
  }

  replaceAll(items: Kinds[K][], resourceVersion: string): void {
    this.at = resourceVersion;
    const there = new Set(items.map(uidOf));
    for (const [uid, object] of this.#known) if (!there.has(uid)) this.#forget(uid, object);
    for (const object of items) {
      if (versionOf(this.#known.get(uidOf(object))) !== versionOf(object)) this.#keep(object);
    }
  }

  take({ type, object }: WatchEvent<Kinds[K]>): void {
    if (type === "ERROR") throw new Forgotten(`the watch ended with code ${object.code}`);
    this.at = versionOf(object);
    if (type === "DELETED") this.#forget(uidOf(object), object);
    else if (type !== "BOOKMARK") this.#keep(object);
  }

  #keep(object: Kinds[K]): void {
    this.#known.set(uidOf(object), object);
    this.#onChange(object, false);
  }

  #forget(uid: string, object: Kinds[K]): void {
    this.#known.delete(uid);
    this.#onChange(object, true);
  }
}

function uidOf(object: Kinds[Kind]): string {
  return object.metadata?.uid ?? "";
}

function versionOf(object: Kinds[Kind] | undefined): string {
  return object?.metadata?.resourceVersion ?? "";
}
