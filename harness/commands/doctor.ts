import { exitCodes, InputError } from "../core/errors.ts";
import { screenOf } from "../core/screen.ts";
import { k6Capability } from "../engines/k6/k6-capability.ts";
import { locustCapability } from "../engines/locust/locust-capability.ts";
import { sysctlKeyPattern } from "../knowledge/keys.ts";
import { containersCapability } from "../testbeds/containers/capability.ts";
import { netnsCapabilities } from "../testbeds/netns/capabilities.ts";
import { type ClusterReport, type DoctorOptions, doctorText, type MachineReport } from "./doctor-text.ts";
import { isOwnCluster } from "./own-clusters.ts";

/**
 * `tunebench doctor`: what this machine or a cluster can do and what it lacks, with remedies; as JSON `{machine, cluster}`, null for what was
 * not looked at. Exit 3 where a run can't work.
 */
export async function doctor(options: DoctorOptions): Promise<number> {
  checkOptions(options);
  const screen = screenOf(process.stdout);
  if (options.routes === true) return await (await import("./doctor-routes.ts")).doctorRoutes(screen, options);
  const machine = await machineReport(options.cluster);
  const cluster = machine?.able === false ? null : await clusterReport(options);
  const report = { machine, cluster };
  screen.write(
    options.format === "json"
      ? `${JSON.stringify(report, null, 2)}\n`
      : doctorText(report, options.cluster, screen.width),
  );
  return machine?.able !== false && cluster?.able !== false ? exitCodes.done : exitCodes.cannotRunHere;
}

/** Throws InputError for keys that are none, for what this machine itself is not asked, and for what doesn't go together. */
function checkOptions({ cluster, keys = [], probe = false, routes = false, allowNodeChanges }: DoctorOptions): void {
  const wrong = routes ? undefined : keys.find((key) => !sysctlKeyPattern.test(key));
  if (wrong !== undefined) throw new InputError(`--keys: ${JSON.stringify(wrong)} is not a sysctl's name`);
  if (routes && probe)
    throw new InputError("--routes and --probe are two questions", { hint: "ask one after the other" });
  if (allowNodeChanges === true && !routes) throw new InputError("--allow-node-changes is for --routes");
  if (cluster !== "local" || (keys.length === 0 && !probe && !routes)) return;
  const asked = routes ? "--routes" : probe ? "--probe" : "--keys";
  throw new InputError(`${asked} is for clusters of Kubernetes`, { hint: "--cluster NAME" });
}

/** For a cluster that is somewhere else this machine need not be able to do anything: null. */
async function machineReport(cluster: string): Promise<MachineReport | null> {
  if (cluster !== "local" && !isOwnCluster(cluster)) return null;
  const [parts, k6, locust] = await Promise.all([
    capabilitiesFor(cluster),
    k6Capability(process.env),
    locustCapability(process.env),
  ]);
  const capabilities = [...parts, k6, locust];
  return { able: capabilities.every(({ ok, required }) => ok || !required), capabilities };
}

async function capabilitiesFor(cluster: string) {
  if (cluster === "local") return [...(await netnsCapabilities()), await containersCapability()];
  return await (await import("../../clusters/one-node/capabilities.ts")).oneNodeCapabilities(process.env);
}

/** null for this machine, and for a cluster of its own that is not up. */
async function clusterReport(options: DoctorOptions): Promise<ClusterReport | null> {
  if (options.cluster === "local") return null;
  if (isOwnCluster(options.cluster)) {
    const { findNode } = await import("../../clusters/one-node/node-namespaces.ts");
    if (findNode() === null) return null;
  }
  return await (await import("./doctor-cluster.ts")).clusterReport(options);
}
