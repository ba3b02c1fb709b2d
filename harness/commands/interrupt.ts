import { exitCodes } from "../core/errors.ts";

/** Ctrl-C, SIGTERM and the end of the terminal (SIGHUP) while a run goes on. */
export interface Interrupt {
  signal: AbortSignal;
  /** 130, 143 or 129 once a signal came; null before. */
  exitCode(): number | null;
  /** Gives the signals back to their defaults. */
  release(): void;
}

/**
 * The first signal ends the trial under way in order; the second ends the process at once, and with it, as their
 * stdin closes, every namespace and part. `say` gets the word about it, for a screen that may hold a live display.
 */
export function interruptible(
  say: (text: string) => void,
  doing = "ending this trial; finished ones are kept",
): Interrupt {
  const controller = new AbortController();
  let code: number | null = null;
  const on = (exitCode: number) => () => {
    if (code !== null) process.exit(exitCode);
    code = exitCode;
    say(`tunebench: ${doing} (again to end at once)`);
    controller.abort();
  };
  const handlers = {
    SIGINT: on(exitCodes.interrupted),
    SIGTERM: on(exitCodes.terminated),
    SIGHUP: on(exitCodes.hungUp),
  };
  for (const [name, handler] of Object.entries(handlers)) process.on(name, handler);
  return {
    signal: controller.signal,
    exitCode: () => code,
    release: () => {
      for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
    },
  };
}
