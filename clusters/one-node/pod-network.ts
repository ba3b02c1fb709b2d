import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { places } from "./places.ts";

/**
 * What the CNI plugin `tuning` writes in every new pod's network namespace, values by keys of net.*; IFNAME in a key stands for
 * the pod's interface. No kubelet is asked.
 */
export type TuningSysctls = Record<string, string>;

const folder = join(places.stateFolder, "cni");
const file = join(folder, "10-bridge.conflist");

/** Writes the pods' network. containerd looks at the folder and takes a file that was moved there for pods made from now on. */
export function writePodNetwork(tuning: TuningSysctls): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "next"), JSON.stringify(podNetwork(tuning), null, 2));
  renameSync(join(folder, "next"), file);
}

/** What new pods get now. */
export function readTuningSysctls(): TuningSysctls {
  const { plugins } = JSON.parse(readFileSync(file, "utf8")) as { plugins: { sysctl?: TuningSysctls }[] };
  return plugins.find(({ sysctl }) => sysctl !== undefined)?.sysctl ?? {};
}

/** Pods share one bridge and reach each other and the node, nothing else: no address is translated. */
function podNetwork(tuning: TuningSysctls): Record<string, unknown> {
  const bridge = {
    type: "bridge",
    bridge: "pods0",
    isGateway: true,
    ipMasq: false,
    hairpinMode: true,
    ipam: {
      type: "host-local",
      dataDir: "/run/cni-addresses",
      ranges: [[{ subnet: places.podRange }]],
      routes: [{ dst: "0.0.0.0/0" }],
    },
  };
  const chained = Object.keys(tuning).length === 0 ? [] : [{ type: "tuning", sysctl: tuning }];
  return { cniVersion: "0.4.0", name: places.name, plugins: [bridge, ...chained] };
}
