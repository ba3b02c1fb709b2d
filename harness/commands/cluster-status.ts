import { type ClusterStatus, clusterStatus, type RunningCluster } from "../../clusters/one-node/status.ts";
import { exitCodes } from "../core/errors.ts";
import { jsonText } from "../core/text.ts";
import { requireRoot } from "./cluster-down.ts";
import type { TextFormat } from "./formats.ts";
import { checkOwnCluster } from "./own-clusters.ts";

/** `tunebench cluster status NAME`: exit 3 where no experiment can run in it as it is. */
export async function showClusterStatus(name: string, { format }: { format: TextFormat }): Promise<number> {
  checkOwnCluster(name);
  requireRoot();
  const status = await clusterStatus();
  process.stdout.write(format === "json" ? jsonText({ name, ...status }) : describe(name, status));
  return status.running && isHealthy(status) ? exitCodes.done : exitCodes.cannotRunHere;
}

function describe(name: string, status: ClusterStatus): string {
  if (status.running) return describeRunning(name, status);
  if (status.left.length === 0) return `${name} is down (tunebench cluster up ${name})\n`;
  return `${name} is down, and left ${status.left.join(", ")} (tunebench cluster down ${name})\n`;
}

function describeRunning(name: string, status: RunningCluster): string {
  const rows = {
    cluster: `${name}, ${stateOf(status)}`,
    kubernetes: status.kubernetes,
    api: status.apiUrl,
    kubeconfig: status.kubeconfig,
    kubectl: status.kubectl,
    node: nodeWords(status),
    ...kubeletRows(status.kubelet),
    "tuning sysctls": tuningWords(status.tuning),
    "its PID 1": String(status.pid),
    images: imageWords(status.images),
    memory: `${Math.round(status.memoryBytes / 2 ** 20)} MiB in ${status.processes} processes`,
  };
  return Object.entries(rows)
    .map(([title, value]) => `${title.padEnd(24)}${value}\n`)
    .join("");
}

function imageWords(images: Record<string, string>): string {
  return Object.entries(images)
    .map(([name, version]) => `${name} (${version})`)
    .join(", ");
}

/** The API goes on showing what a kubelet last said, for a while, after it ended. */
function nodeWords({ node, missing }: RunningCluster): string {
  if (missing.includes("kubelet")) return "not known: its kubelet does not run";
  return node === null ? "no answer" : `${node.ready ? "ready" : "not ready"}: ${node.message}`;
}

function kubeletRows(kubelet: RunningCluster["kubelet"]): Record<string, string> {
  const unanswered = "no answer from the kubelet";
  return {
    "unsafe sysctls": kubelet === null ? unanswered : kubelet.allowedUnsafeSysctls.join(", ") || "none allowed",
    "protect kernel defaults": kubelet === null ? unanswered : kubelet.protectKernelDefaults ? "yes" : "no",
  };
}

/** "none" also where `up` did not come so far. */
function tuningWords(tuning: RunningCluster["tuning"]): string {
  const settings = Object.entries(tuning ?? {}).map(([key, value]) => `${key}=${value}`);
  return settings.join(", ") || "none";
}

function stateOf(status: RunningCluster): string {
  if (!status.whole) return "half-started (tunebench cluster down ends it)";
  if (status.missing.length > 0) return `not running: ${status.missing.join(", ")}`;
  return isHealthy(status) ? "up" : "up, but its node is not ready";
}

function isHealthy({ whole, missing, node }: RunningCluster): boolean {
  return whole && missing.length === 0 && node?.ready === true;
}
