import { arch, cpus, platform, release, totalmem } from "node:os";
import { ownVersion } from "../core/package-root.ts";
import type { Provenance } from "../results/run.ts";
import type { Environment } from "../testbeds/testbed.ts";

/**
 * The machine and the tools of a run, as run.json records them; the environment's preflight is over. `k6Version` is that of this
 * machine's k6, null where the environment brings its own; `cluster` null = this machine.
 */
export function gatherProvenance(
  environment: Environment,
  cluster: { name: string; file: string } | null,
  k6Version: string | null,
): Provenance {
  const processors = cpus();
  return {
    tunebench: ownVersion(),
    node: process.version,
    k6: k6Version ?? `image ${environment.k6Image ?? "unknown"}`,
    kernel: `${platform()} ${release()} ${arch()}`,
    cpuModel: processors[0]?.model ?? "unknown",
    cpus: processors.length,
    memoryBytes: totalmem(),
    environment: {
      kind: environment.kind,
      cluster: cluster?.name ?? "local",
      clusterFile: cluster?.file ?? null,
      rootless: environment.rootless,
      kubernetes: environment.kubernetes,
    },
  };
}
