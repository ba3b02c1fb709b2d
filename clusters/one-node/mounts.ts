import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toolPath } from "../../harness/testbeds/netns/find-program.ts";
import { runInNode } from "./node-namespaces.ts";
import { places } from "./places.ts";

/**
 * Settings of the whole machine that a kubelet writes at its start, or with protectKernelDefaults checks and refuses
 * (k8s.io/component-helpers/node/util/sysctl). The node gets stand-ins for these files.
 */
const kubeletSettings = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];

/**
 * The node's own view of the file system: what Kubernetes writes outside its configured folders (/run, /var/lib/cni,
 * /var/log/pods) is the cluster's, and of the machine's settings only the network's, which are the namespace's own, can be
 * written. All of it vanishes with the namespace.
 */
export async function mountNode(node: number, programsFolder: string): Promise<void> {
  const mount = (...args: string[]) => runInNode(node, [toolPath("mount"), ...args]);
  const { stateFolder, inside, insidePrograms } = places;
  // Pods may ask that their mounts be seen by the node; from the machine all of it stays apart.
  await mount("--make-rshared", "/");
  await mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run");
  for (const folder of [inside, insidePrograms, "/run/tmp"]) mkdirSync(seenFromHere(node, folder));
  await mount("--bind", stateFolder, inside);
  await mount("--bind", programsFolder, insidePrograms);
  await mount("--bind", join(stateFolder, "log"), "/var/log");
  await mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/var/lib");
  await protectSettings(node);
}

/** Everything of /proc/sys but net/ is read-only, and what the kubelet insists on writing goes to the stand-ins. */
async function protectSettings(node: number): Promise<void> {
  const mount = (...args: string[]) => runInNode(node, [toolPath("mount"), ...args]);
  for (const name of readdirSync("/proc/sys").filter((entry) => entry !== "net")) {
    await mount("--bind", `/proc/sys/${name}`, `/proc/sys/${name}`);
    await mount("-o", "remount,bind,ro", `/proc/sys/${name}`);
  }
  mkdirSync(join(places.stateFolder, "settings"));
  resetSettings();
  for (const key of kubeletSettings)
    await mount("--bind", join(places.inside, "settings", fileOf(key)), `/proc/sys/${key}`);
}

/** Gives the stand-ins the machine's own values, so that each start of a kubelet meets the machine as it is. */
export function resetSettings(): void {
  for (const key of kubeletSettings) {
    writeFileSync(join(places.stateFolder, "settings", fileOf(key)), readFileSync(`/proc/sys/${key}`));
  }
}

function fileOf(key: string): string {
  return key.replaceAll("/", ".");
}

function seenFromHere(node: number, path: string): string {
  return join(`/proc/${node}/root`, path);
}
