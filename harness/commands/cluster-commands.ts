import type { Command } from "commander";
import type { Finish } from "./finish.ts";
import { formatOption, textFormats } from "./formats.ts";

/** `tunebench cluster up|down|status NAME`. */
export function addClusterCommands(program: Command, finish: Finish): void {
  const cluster = program.command("cluster").description("Start, end and look at a cluster of tunebench's own.");
  const named = (command: string, description: string) =>
    cluster.command(command).argument("<name>", "one-node: a real Kubernetes on this machine").description(description);
  named("up", "Bring a cluster up, or the one that is up to these parameters.")
    .option("--allow-unsafe-sysctls <names>", "comma separated: the kubelet lets pods set them", (text) =>
      text.split(","),
    )
    .option("--tuning-sysctls <settings>", "key=value,...: CNI's tuning plugin sets them in every new pod's network")
    .option("--protect-kernel-defaults", "the kubelet refuses to run unless the machine is set as it wants")
    .option("--k6 <path>", "k6 for the cluster's image (default: TUNEBENCH_K6, PATH, or built once into the cache)")
    .option("--locust", "an image of Locust, too, for loads by a locustfile (installed once into the cache)")
    .action(finish(async () => (await import("./cluster-up.ts")).clusterUp));
  named("down", "End a cluster and leave nothing of it.").action(
    finish(async () => (await import("./cluster-down.ts")).clusterDown),
  );
  named("status", "Show whether it runs, and with which parameters.")
    .addOption(formatOption(textFormats).default("terminal"))
    .action(finish(async () => (await import("./cluster-status.ts")).showClusterStatus));
  for (const command of cluster.commands) command.exitOverride();
}
