import { arch, cpus, platform, release, totalmem } from "node:os";
import { ownVersion } from "../core/package-root.ts";
import type { Provenance } from "../results/run.ts";
import type { TestbedFacts } from "../testbeds/testbed.ts";

/**
 * The machine and the tools of a run, as run.json records them; the testbed's preflight is over. `cluster` null = this machine.
 */
export function gatherProvenance(
  { kind, rootless, kubernetes, containers, engine }: TestbedFacts,
  cluster: { name: string; file: string } | null,
): Provenance {
  const processors = cpus();
  return {
    tunebench: ownVersion(),
    node: process.version,
    engine,
    kernel: `${platform()} ${release()} ${arch()}`,
    cpuModel: processors[0]?.model ?? "unknown",
    cpus: processors.length,
    memoryBytes: totalmem(),
    environment: {
      kind,
      cluster: cluster?.name ?? "local",
      clusterFile: cluster?.file ?? null,
      rootless,
      kubernetes,
      containers,
    },
  };
}
