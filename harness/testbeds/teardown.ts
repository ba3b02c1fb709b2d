import type { Teardown } from "./testbed.ts";

/** How long one undo step may take before the next is begun, where it does not say so itself. */
const usualDeadlineMs = 10_000;

/** Undo steps in reverse order of registration; each is tried whatever became of the others. */
export interface TeardownStack extends Teardown {
  /** Undoes all, once. Returns a sentence for each step that failed or took too long. */
  run(): Promise<string[]>;
}

/**
 * An empty stack. Steps are added before what they undo is done, so a half-done set-up is undone too. Once all is undone `add` throws: what
 * still goes on beside it, after an abort, comes to its end there and makes nothing more.
 */
export function createTeardown(): TeardownStack {
  const steps: { title: string; undo: () => Promise<void> | void; deadlineMs: number }[] = [];
  let undone = false;
  return {
    add(title, undo, deadlineMs = usualDeadlineMs) {
      if (undone) throw new Error(`${title}: all was taken away already`);
      steps.push({ title, undo, deadlineMs });
    },
    async run() {
      const failures: string[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        const failure = await attempt(step);
        if (failure !== null) failures.push(`${step.title}: ${failure}`);
      }
      undone = true;
      return failures;
    },
  };
}

/** null when done in time, else why not. */
async function attempt(step: { undo: () => Promise<void> | void; deadlineMs: number }): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`not done within ${step.deadlineMs / 1000} s`), step.deadlineMs);
  });
  const done = (async () => step.undo())().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const result = await Promise.race([done, late]);
  clearTimeout(timer);
  return result;
}
