import { type Command, InvalidArgumentError, Option } from "commander";

/** Where runs are kept, as the command line says it. */
export interface ResultsOptions {
  /** Folder that holds runs; left out: where the suite says, else `results`. */
  results?: string;
}

/** Which run is meant by `latest`, as the command line says it. */
export interface RunChoice extends ResultsOptions {
  /** `latest` is the latest of any suite, not of the one in this folder. */
  any?: true;
}

export const runHelp = "a run's folder, its id, or latest";

/** Where runs are kept. `--out` is where a command writes its product: one that has none names the option that was meant. */
export function withResults(command: Command): Command {
  const out = new Option("--out <dir>").hideHelp().argParser(() => {
    throw new InvalidArgumentError("The folder that holds runs is --results DIR.");
  });
  return withResultsOnly(command).addOption(out);
}

/** The same for a command that has an --out of its own. */
export function withResultsOnly(command: Command): Command {
  return command.option("--results <dir>", "folder that holds runs (default: where the suite says, else results)");
}

/** Which run `latest` is. */
export function withLatest(command: Command): Command {
  return command.option("--any", "latest is that of any suite, not of the one in this folder");
}
