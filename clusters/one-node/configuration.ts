import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { apiUrl, type KubeletParameters, places } from "./places.ts";

/** The administrator's kubeconfig, for kubectl and the harness on this machine. */
export const kubeconfigFile = join(places.stateFolder, "kubeconfig");

/** The image that holds a pod's namespaces; no registry is reached, so it is one of ours. */
export const sandboxImage = "tunebench.local/pause:own";

/** Who talks to the API, by the name of its kubeconfig, with the groups that its token stands for. */
const users = {
  kubeconfig: { name: "tunebench-admin", groups: "system:masters" },
  "controller-manager.kubeconfig": { name: "system:kube-controller-manager", groups: "" },
  "scheduler.kubeconfig": { name: "system:kube-scheduler", groups: "" },
  "kubelet.kubeconfig": { name: `system:node:${places.name}`, groups: "system:nodes" },
};

/** Writes what etcd, containerd and the control plane read; the certificates are there already. */
export function writeConfiguration(cniFolder: string): void {
  const folder = places.stateFolder;
  for (const name of ["containerd", "kubelet", "log"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "containerd.toml"), containerdConfig(cniFolder));
  writeUsers(folder);
}

/** Writes the kubelet's configuration; it reads it when it starts. */
export function writeKubeletConfiguration(parameters: KubeletParameters): void {
  writeFileSync(join(places.stateFolder, "kubelet.yaml"), stringify(kubeletConfiguration(parameters)));
}

/** A token and a kubeconfig for each user; readable by root alone. */
function writeUsers(folder: string): void {
  const authority = readFileSync(join(folder, "api.crt")).toString("base64");
  const rows = Object.entries(users).map(([file, { name, groups }]) => {
    const token = randomBytes(24).toString("hex");
    writeFileSync(join(folder, file), kubeconfigOf(name, token, authority), { mode: 0o600 });
    return `${token},${name},${name},"${groups}"\n`;
  });
  writeFileSync(join(folder, "tokens.csv"), rows.join(""), { mode: 0o600 });
}

function kubeconfigOf(user: string, token: string, authority: string): string {
  const name = `tunebench-${places.name}`;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user } }],
    clusters: [{ name, cluster: { server: apiUrl, "certificate-authority-data": authority } }],
    users: [{ name: user, user: { token } }],
  });
}

/**
 * oom_score_adj stays within what this process may set: without CAP_SYS_RESOURCE runc would end with "can't get final
 * child's PID from pipe: EOF". AppArmor's profile would be loaded into the machine's kernel and stay there.
 */
function containerdConfig(cniFolder: string): string {
  return `version = 2
root = "${places.inside}/containerd"
state = "/run/containerd"
[grpc]
  address = "${places.containerdSocket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${places.inside}/containerd-plugins"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${sandboxImage}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${cniFolder}"
    conf_dir = "${places.inside}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
`;
}

/** Images can't be fetched again, so the kubelet must never collect them, nor evict pods because the machine's disk is full. */
function kubeletConfiguration(parameters: KubeletParameters): Record<string, unknown> {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    ...parameters,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${places.inside}/kubelet-client.crt` },
    },
    authorization: { mode: "Webhook" },
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${places.cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    containerRuntimeEndpoint: `unix://${places.containerdSocket}`,
    // The node has no way out, so a name server could only make every look-up wait.
    resolvConf: "",
    volumePluginDir: `${places.inside}/volume-plugins`,
    evictionHard: { "memory.available": "100Mi" },
    imageGCHighThresholdPercent: 100,
    // A kubelet that was started again tells only at its next look that the node is ready: by default 10 s later. What it
    // finds is told where it is another: isReadySince knows by that a new kubelet's word from the last one's.
    nodeStatusUpdateFrequency: "1s",
    nodeStatusReportFrequency: "5m",
  };
}
