import { readFileSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import type { Environment } from "../environments/environment.ts";
import { packageFile } from "../package-root.ts";
import type { Provenance } from "../results/run.ts";

/** The machine and the tools of a run, as run.json records them. */
export function gatherProvenance(environment: Environment, cluster: string, k6Version: string): Provenance {
  const processors = cpus();
  return {
    tunebench: ownVersion(),
    node: process.version,
    k6: k6Version,
    kernel: `${platform()} ${release()} ${arch()}`,
    cpuModel: processors[0]?.model ?? "unknown",
    cpus: processors.length,
    memoryBytes: totalmem(),
    environment: { kind: environment.kind, cluster, rootless: environment.rootless, kubernetes: null },
  };
}

/** Version of this package. */
export function ownVersion(): string {
  return (JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string }).version;
}
