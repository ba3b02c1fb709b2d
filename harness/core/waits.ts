import { addAbortListener } from "node:events";

/** As the work; rejects with the signal's reason once that is aborted, whatever becomes of the work then. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  using _ = addAbortListener(signal, () => reject(signal.reason));
  work.then(resolve, reject);
  return await promise;
}

/** Whether the work is settled, well or not, within a time. It goes on where it is not. */
export async function endsWithin(work: Promise<unknown>, withinMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), withinMs);
  const settled = () => resolve(true);
  work.then(settled, settled);
  const inTime = await promise;
  clearTimeout(timer);
  return inTime;
}
