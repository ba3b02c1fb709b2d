import { type Command, InvalidArgumentError } from "commander";
import { platformNames, workloadForms } from "../deliver/platform-names.ts";
import { assumedMinor } from "../deliver/selection.ts";
import type { Finish } from "./finish.ts";
import { choiceOption, formatOption, textFormats } from "./formats.ts";
import { withLatest, withResultsOnly } from "./results-option.ts";

/** `tunebench deliver RUN|SUITE`. */
export function addDeliverCommand(program: Command, finish: Finish): void {
  const command = program.command("deliver");
  withLatest(withResultsOnly(command))
    .argument("<run>", "a run's folder, its id, or latest: its rollout; a suite: a pool of nodes to measure it on")
    .description("Write what to apply for a profile to reach a platform's pods without privilege; print the plan.")
    .requiredOption("--platform <name>", `one of ${platformNames.join(", ")}`)
    .option("--profile <name>", "which profile (a suite: only this one's keys)")
    .option("--from <file>", "objects that are there already, to be merged with")
    .option("--group <name>", "which group of nodes (InstanceGroup, NodePool), where --from has several")
    .option("--workload <name>", "which workload (NAME or KIND/NAME), where --from has several")
    .addOption(
      choiceOption("--workload-as <form>", workloadForms, "how the workload's change is written").default("patch"),
    )
    .option(
      "--kubernetes <version>",
      `of the cluster: which keys are safe follows from it (default: the run's, else 1.${assumedMinor})`,
      minorOf,
    )
    .option("--out <dir>", "folder for the files, plan.md and delivery.json", "deliver")
    .option("--overwrite", "write into a folder that is not empty")
    .addOption(formatOption(textFormats).default("terminal"))
    .action(finish(async () => (await import("./deliver.ts")).deliver));
}

/** 1.34, v1.34.3 -> 34 */
function minorOf(text: string): number {
  const minor = /^v?1\.(\d{1,3})(\.|$)/.exec(text)?.[1];
  if (minor === undefined) throw new InvalidArgumentError("It must be a version such as 1.34.");
  return Number(minor);
}
