import { registerCompletionHandler } from "ava";

/** What a file's tests leave (connections that close, children that end) is gone sooner on the slowest machine. */
const mostMs = 60_000;

/**
 * ava calls this in the thread of each file before its tests (package.json): a thread that something still holds long after the last
 * of them fails, with what holds it. ava's own time-out does not see it where a test has asked for more time (ava 8.0.1: the timer
 * that is ignored once is never set again), and then waits for ever.
 */
export default function mustEnd(): void {
  registerCompletionHandler(() => {
    setTimeout(() => {
      const held = process.getActiveResourcesInfo().filter((kind) => kind !== "MessagePort");
      console.error(`the tests of this file ended ${mostMs / 1000} s ago, and it does not: held by ${held.join(", ")}`);
      process.exit(1);
    }, mostMs).unref();
  });
}
