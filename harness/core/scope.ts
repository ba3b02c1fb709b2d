import { abortable, endsWithin } from "./waits.ts";

/** How long one undo step may take before the next is begun, where it does not say so itself. */
const usualDeadlineMs = 10_000;

/**
 * What lives as long as one piece of work: a run, a trial, a preflight. Whoever is given one may leave things in it; whoever opened it
 * closes it, whatever became of the work.
 */
export interface Scope {
  /** Aborted when the scope is being closed, or the work is to end: what waits for something in it listens to this. */
  readonly signal: AbortSignal;
  /**
   * Registers an undo step: before what it undoes is done, so that what is half done is undone too. While others are undone it is
   * undone too; afterwards this throws, so that what still goes on beside it comes to its end there and makes nothing more.
   */
  defer(title: string, undo: () => Promise<void> | void, deadlineMs?: number): void;
  /**
   * Makes something, and undoes it at the end. What is being made when the scope is closed is waited for and undone at once; this then
   * rejects with the signal's reason. `undo` gets null where it could not be made, or not whole. Nothing is begun in a scope that is over.
   */
  acquire<T>(
    title: string,
    make: (signal: AbortSignal) => Promise<T>,
    undo: (made: T | null) => Promise<void> | void,
    deadlineMs?: number,
  ): Promise<T>;
  /** A scope within this one: closed with it at the latest, and before what was registered here earlier; also aborted with `signal`. */
  child(signal?: AbortSignal): OwnScope;
}

/** A scope as its owner has it. */
export interface OwnScope extends Scope {
  /**
   * Aborts the signal, then undoes all in reverse order of registration, each step tried whatever became of the others. Resolves with a
   * sentence for each that failed or took too long; [] for whoever asks again.
   */
  close(): Promise<string[]>;
}

/** An empty scope; aborted with `outer`, too, where there is one. */
export function openScope(outer?: AbortSignal): OwnScope {
  const own = new AbortController();
  const signal = outer === undefined ? own.signal : AbortSignal.any([outer, own.signal]);
  const steps: (() => Promise<string[]>)[] = [];
  let closing: Promise<string[]> | null = null;
  let isOver = false;

  const register = (title: string, step: () => Promise<string[]>) => {
    if (isOver) throw new Error(`${title}: all was taken away already`);
    steps.push(step);
  };
  const undoAll = async () => {
    own.abort();
    const failures: string[] = [];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) failures.push(...(await step()));
    isOver = true;
    return failures;
  };
  const defer: Scope["defer"] = (title, undo, deadlineMs = usualDeadlineMs) =>
    register(title, () => attempt(title, undo, deadlineMs));
  return {
    signal,
    defer,
    async acquire(title, make, undo, deadlineMs) {
      signal.throwIfAborted();
      const making = make(signal);
      const made = making.catch(() => null);
      defer(title, async () => undo(await made), deadlineMs);
      const value = await making;
      signal.throwIfAborted();
      return value;
    },
    child(further) {
      const inner = openScope(further === undefined ? signal : AbortSignal.any([signal, further]));
      register("a scope within", inner.close);
      const close = async () => {
        const left = await inner.close();
        const index = steps.indexOf(inner.close);
        if (index !== -1) steps.splice(index, 1);
        return left;
      };
      return { ...inner, close };
    },
    async close() {
      if (closing !== null) return closing.then(() => []);
      closing = undoAll();
      return closing;
    },
  };
}

/**
 * Does something in a scope and closes it, whatever comes of it. Once the scope's signal is aborted the work is left to itself, and this
 * rejects with the signal's reason as soon as all is undone. `onLeft` takes a sentence for each thing that could not be.
 */
export async function inScope<T>(
  scope: OwnScope,
  work: (scope: Scope) => Promise<T>,
  onLeft: (sentence: string) => void,
): Promise<T> {
  try {
    return await abortable(work(scope), scope.signal);
  } finally {
    for (const left of await scope.close()) onLeft(left);
  }
}

/** [] when done in time, else what was not, and why. */
async function attempt(title: string, undo: () => Promise<void> | void, deadlineMs: number): Promise<string[]> {
  const done = (async () => undo())().then(
    () => [],
    (error: unknown) => [`${title}: ${error instanceof Error ? error.message : String(error)}`],
  );
  return (await endsWithin(done, deadlineMs)) ? await done : [`${title}: not done within ${deadlineMs / 1000} s`];
}
