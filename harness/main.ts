import { CommanderError } from "commander";
import { asCalled } from "./commands/called-as.ts";
import { createProgram } from "./commands/program.ts";
import { ExpectedError, exitCodes } from "./core/errors.ts";
import { checkSurroundings } from "./core/surroundings.ts";
import { printableLines } from "./core/text.ts";

process.exitCode = await main(process.argv);

/** argv in, exit code out: the only place that prints an error. */
async function main(argv: string[]): Promise<number> {
  ignoreClosedPipes();
  let exitCode: number = exitCodes.done;
  try {
    checkSurroundings();
    const program = createProgram((code) => {
      exitCode = code;
    });
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  if (error instanceof ExpectedError) {
    process.stderr.write(
      printableLines(`tunebench: ${error.message}\n${error.hint === null ? "" : `  ${asCalled(error.hint)}\n`}`),
    );
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(printableLines(`tunebench: this is a bug, please report it with these lines:\n${stack}\n`));
  return exitCodes.bug;
}

/**
 * `tunebench report latest | head` closes the pipe early: that is the reader's choice, not a failure; a full disk is one. A terminal
 * that was closed answers EIO, and SIGHUP says the rest.
 */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE" || (error.code === "EIO" && stream.isTTY)) return;
      if (stream !== process.stderr) process.stderr.write(`tunebench: can't write the output: ${error.message}\n`);
      process.exit(exitCodes.incomplete);
    });
  }
}
