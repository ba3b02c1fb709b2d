import { type Command, InvalidArgumentError } from "commander";
import type { Finish } from "./finish.ts";
import { formatOption, observeFormats } from "./formats.ts";
import { withResultsOnly } from "./results-option.ts";

/** `tunebench observe` and its options; what it does is loaded when it is called. */
export function addObserveCommand(program: Command, finish: Finish): void {
  withResultsOnly(program.command("observe"))
    .description("Look at a live service, read only: which limit is near, when it is reached, what to do about it.")
    .option("--pid <pid>", "the process, with its children, and its network namespace", wholeNumber(1, 2 ** 22))
    .option("--listen <port>", "whoever listens on this TCP port of this machine", wholeNumber(1, 65535))
    .option("--container <name>", "a container of docker or podman, by its name or id")
    .option("--pod <ns/name>", "a pod of a cluster, by a container that is put into it")
    .option("--workload <ns/kind/name>", "a workload's pods, together: shop/deployment/web")
    .option("--cluster <name>", "cluster file for --pod and --workload (default: kubectl's own context)")
    .option("--node", "every network namespace of this machine, the nearest limits first")
    .option("--for <time>", "how long to look (default: 10s; 2s with --node)")
    .option("--within <time>", "a limit that is reached within this time counts as near (exit 1)", "5m")
    .option("--expect <what>", "hold the settings against a run's profile or a delivery.json (exit 1: one is missing)")
    .option("--profile <name>", "which profile of the run, for --expect")
    .option("--suite <dir>", "write a suite that would reproduce what was seen")
    .option("--path <path>", "what the suite's load asks for (default: /)")
    .option("--watch", "go on: repaint on a terminal, a line for each --for elsewhere")
    .option("--out <file>", "write it there, whole by rename, instead of to stdout")
    .addOption(formatOption(observeFormats).default("terminal"))
    .action(finish(async () => (await import("./observe.ts")).observeCommand));
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
