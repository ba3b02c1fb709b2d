/**
 * Expected failures. Each carries what the user needs to go on: a sentence, a hint and the exit code.
 * Anything else that is thrown is a bug and keeps its stack (main.ts: exit 70).
 */

/** Exit codes of the command line; the contract that CI systems build on. */
export const exitCodes = {
  done: 0,
  regression: 1,
  badInput: 2,
  cannotRunHere: 3,
  incomplete: 4,
  inconclusive: 5,
  bug: 70,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** A failure that was foreseen: printed as a message and a hint, never as a stack. */
export class ExpectedError extends Error {
  readonly exitCode: number;
  /** What to do about it: a command or a choice; null where the message says all. */
  readonly hint: string | null;

  constructor(exitCode: number, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.exitCode = exitCode;
    this.hint = options.hint ?? null;
  }
}

/** The suite, the command line or a setting is wrong: exit 2, nothing was run. */
export class InputError extends ExpectedError {
  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(exitCodes.badInput, message, options);
  }
}

/** This machine or cluster can't do it; the hint is the command that gives the missing capability: exit 3. */
export class CapabilityError extends ExpectedError {
  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(exitCodes.cannotRunHere, message, options);
  }
}

/** The run could not be completed, or something could not be cleaned up: exit 4. */
export class IncompleteError extends ExpectedError {
  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(exitCodes.incomplete, message, options);
  }
}
