import type { Teardown } from "../environments/environment.ts";

/** How long one undo step may take before the next is begun. */
const stepDeadlineMs = 10_000;

/** Undo steps in reverse order of registration; each is tried whatever became of the others. */
export interface TeardownStack extends Teardown {
  /** Undoes all, once. Returns a sentence for each step that failed or took too long. */
  run(): Promise<string[]>;
}

/** An empty stack. Steps are added before what they undo is done, so a half-done set-up is undone too. */
export function createTeardown(): TeardownStack {
  const steps: { title: string; undo: () => Promise<void> | void }[] = [];
  return {
    add: (title, undo) => void steps.push({ title, undo }),
    async run() {
      const failures: string[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        const failure = await attempt(step.undo);
        if (failure !== null) failures.push(`${step.title}: ${failure}`);
      }
      return failures;
    },
  };
}

/** null when done in time, else why not. */
async function attempt(undo: () => Promise<void> | void): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`not done within ${stepDeadlineMs / 1000} s`), stepDeadlineMs);
  });
  const done = (async () => undo())().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const result = await Promise.race([done, late]);
  clearTimeout(timer);
  return result;
}
