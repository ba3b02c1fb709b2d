/** How the kubelet is started: what `cluster up` takes. */
export interface KubeletParameters {
  /** Names, or beginnings with *, of the unsafe sysctls that pods may set: `net.core.somaxconn`. */
  allowedUnsafeSysctls: string[];
  /** The kubelet refuses to start unless the machine's settings are as it wants them. */
  protectKernelDefaults: boolean;
}

/**
 * Where the one-node cluster is: names and addresses that are the same for every machine, so that `down` finds all of it
 * whatever became of `up`. Addresses are from 198.18.0.0/15, reserved for benchmarks (RFC 2544), at its upper end: the
 * rig of namespaces takes subnets from its lower one.
 */
export const places = {
  name: "one-node",
  /** All that the cluster keeps on disk; gone after `down`. */
  stateFolder: "/var/lib/tunebench/one-node",
  /** The state folder, and the folders of programs, as the cluster's own processes see them. */
  inside: "/run/one-node",
  insidePrograms: "/run/one-node-programs",
  containerdSocket: "/run/containerd/containerd.sock",
  /** In every cgroup hierarchy. */
  cgroup: "tunebench-one-node",
  /** The machine's end of the link to the node: the only thing of the cluster in the machine's own network. */
  machineInterface: "tunebench0",
  machineAddress: "198.19.241.1",
  nodeAddress: "198.19.241.2",
  linkPrefixLength: 30,
  podRange: "198.19.240.0/24",
  serviceRange: "198.19.242.0/24",
  /** The service `kubernetes`: the first of the range. The node itself has it, so pods reach the API without kube-proxy. */
  apiServiceAddress: "198.19.242.1",
  apiPort: 443,
} as const;

/** The API as the machine reaches it. */
export const apiUrl = `https://${places.nodeAddress}:${places.apiPort}`;
