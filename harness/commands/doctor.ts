import type { Capability } from "../core/capability.ts";
import { exitCodes, InputError } from "../core/errors.ts";
import { type Screen, screenOf } from "../core/screen.ts";
import { k6Capability } from "../engines/k6/k6-capability.ts";
import { sysctlKeyPattern } from "../knowledge/keys.ts";
import { netnsCapabilities } from "../testbeds/netns/capabilities.ts";
import { capabilityLines, type DoctorOptions } from "./doctor-text.ts";
import { isOwnCluster } from "./own-clusters.ts";

/** `tunebench doctor`: a line for each capability, with its remedy where it is missing; exit 3 where a run can't work. */
export async function doctor(options: DoctorOptions): Promise<number> {
  checkOptions(options);
  const screen = screenOf(process.stdout);
  if (options.cluster === "local") return tell(screen, await localCapabilities(), "experiments");
  const { clusterDoctor } = await import("./doctor-cluster.ts");
  if (!isOwnCluster(options.cluster)) return await clusterDoctor(screen, options);
  const exitCode = tell(screen, await ownCapabilities(), `the cluster ${options.cluster}`);
  if (exitCode !== exitCodes.done) return exitCode;
  const { findNode } = await import("../clusters/one-node/node-namespaces.ts");
  if (findNode() === null) {
    screen.write(`It is not up: tunebench cluster up ${options.cluster}\n`);
    return exitCode;
  }
  screen.write("\n");
  return await clusterDoctor(screen, options);
}

/** Throws InputError for keys that are none, and for what this machine itself is not asked. */
function checkOptions({ cluster, keys = [], probe = false }: DoctorOptions): void {
  const wrong = keys.find((key) => !sysctlKeyPattern.test(key));
  if (wrong !== undefined) throw new InputError(`--keys: ${JSON.stringify(wrong)} is not a sysctl's name`);
  if (cluster !== "local" || (keys.length === 0 && !probe)) return;
  throw new InputError(`${probe ? "--probe" : "--keys"} is for clusters of Kubernetes`, { hint: "--cluster NAME" });
}

async function localCapabilities(): Promise<Capability[]> {
  return [...(await netnsCapabilities()), await k6Capability(process.env)];
}

async function ownCapabilities(): Promise<Capability[]> {
  const { oneNodeCapabilities } = await import("../clusters/one-node/capabilities.ts");
  return [...(await oneNodeCapabilities(process.env)), await k6Capability(process.env)];
}

function tell(screen: Screen, capabilities: Capability[], what: string): number {
  screen.write(capabilityLines(capabilities, screen.width));
  const missing = capabilities.filter(({ ok, required }) => !ok && required);
  screen.write(missing.length === 0 ? `\nThis machine can run ${what}.\n` : `\nThis machine can't run ${what} yet.\n`);
  return missing.length === 0 ? exitCodes.done : exitCodes.cannotRunHere;
}
