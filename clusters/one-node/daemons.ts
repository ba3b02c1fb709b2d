import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { IncompleteError } from "../../harness/core/errors.ts";
import { toolPath } from "../../harness/testbeds/netns/find-program.ts";
import { childrenOf } from "../../harness/testbeds/netns/holder.ts";
import { joinDaemons } from "./cgroups.ts";
import { enterNode, nodeEnvironment } from "./node-namespaces.ts";
import { places } from "./places.ts";

const { inside, insidePrograms, nodeAddress, serviceRange, apiPort } = places;

/**
 * A pod with hostNetwork reaches the node's loopback, and who writes into etcd is above all rights: it talks to nobody without the API
 * server's certificate. Its peers would need its own; it has none. The gateway to its gRPC would call it without a certificate.
 */
const etcd = [
  "--data-dir=/run/etcd",
  "--log-level=warn",
  "--enable-grpc-gateway=false",
  ...etcdTls({ url: "client", flag: "", port: 2379, trusted: "etcd-client" }),
  ...etcdTls({ url: "peer", flag: "peer-", port: 2380, trusted: "etcd" }),
  "--advertise-client-urls=https://127.0.0.1:2379",
  "--initial-advertise-peer-urls=https://127.0.0.1:2380",
  "--initial-cluster=default=https://127.0.0.1:2380",
];

/** argv of each program of the cluster, by its name; each runs once, as a child of the node's PID 1. */
const daemons = {
  etcd: () => [toolPath("etcd"), ...etcd],
  containerd: () => [toolPath("containerd"), `--config=${inside}/containerd.toml`],
  "kube-apiserver": () => [
    `${insidePrograms}/kube-apiserver`,
    "--etcd-servers=https://127.0.0.1:2379",
    `--etcd-cafile=${inside}/etcd.crt`,
    `--etcd-certfile=${inside}/etcd-client.crt`,
    `--etcd-keyfile=${inside}/etcd-client.key`,
    `--secure-port=${apiPort}`,
    `--advertise-address=${nodeAddress}`,
    `--service-cluster-ip-range=${serviceRange}`,
    `--tls-cert-file=${inside}/api.crt`,
    `--tls-private-key-file=${inside}/api.key`,
    "--anonymous-auth=false",
    `--token-auth-file=${inside}/tokens.csv`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${inside}/accounts.pub`,
    `--service-account-signing-key-file=${inside}/accounts.key`,
    "--kubelet-preferred-address-types=InternalIP",
    `--kubelet-client-certificate=${inside}/kubelet-client.crt`,
    `--kubelet-client-key=${inside}/kubelet-client.key`,
  ],
  "kube-controller-manager": () => [
    `${insidePrograms}/kube-controller-manager`,
    `--kubeconfig=${inside}/controller-manager.kubeconfig`,
    "--bind-address=127.0.0.1",
    "--leader-elect=false",
    "--use-service-account-credentials",
    `--service-account-private-key-file=${inside}/accounts.key`,
    `--root-ca-file=${inside}/api.crt`,
    `--flex-volume-plugin-dir=${inside}/volume-plugins`,
  ],
  "kube-scheduler": () => [
    `${insidePrograms}/kube-scheduler`,
    `--kubeconfig=${inside}/scheduler.kubeconfig`,
    "--bind-address=127.0.0.1",
    "--leader-elect=false",
  ],
  kubelet: () => [
    `${insidePrograms}/kubelet`,
    `--config=${inside}/kubelet.yaml`,
    `--kubeconfig=${inside}/kubelet.kubeconfig`,
    `--root-dir=${inside}/kubelet`,
    `--cert-dir=${inside}/kubelet/pki`,
    `--hostname-override=${places.name}`,
    `--node-ip=${nodeAddress}`,
  ],
} satisfies Record<string, () => string[]>;

/** Flags by which etcd listens on the node's loopback to those alone that have a certificate which it trusts. */
function etcdTls({ url, flag, port, trusted }: { url: string; flag: string; port: number; trusted: string }): string[] {
  return [
    `--listen-${url}-urls=https://127.0.0.1:${port}`,
    `--${flag}cert-file=${inside}/etcd.crt`,
    `--${flag}key-file=${inside}/etcd.key`,
    `--${flag}client-cert-auth`,
    `--${flag}trusted-ca-file=${inside}/${trusted}.crt`,
  ];
}

/** A program of the cluster. */
export type DaemonName = keyof typeof daemons;

/** All of them, in the order in which they are started. */
export const daemonNames = Object.keys(daemons) as DaemonName[];

/** Where a daemon's output goes. */
export function logFileOf(name: DaemonName): string {
  return join(places.stateFolder, "log", `${name}.log`);
}

/** Starts a daemon on the node, detached from this command. Resolves once it runs; whether it stays is for the reader of its state. */
export async function startDaemon(node: number, name: DaemonName): Promise<void> {
  const log = openSync(logFileOf(name), "a");
  const [command = "nsenter", ...args] = [...enterNode(node), toolPath("setsid"), "--fork", ...daemons[name]()];
  const child = spawn(command, args, { stdio: ["ignore", log, log], env: nodeEnvironment() });
  closeSync(log);
  await once(child, "exit");
  joinDaemons(await untilItself(node, name));
}

/** setsid leaves a copy of itself to PID 1, which becomes the daemon a moment later. */
async function untilItself(node: number, name: DaemonName): Promise<number> {
  const deadlineMs = performance.now() + 1000;
  for (;;) {
    const pid = daemonPid(node, name);
    if (pid !== null) return pid;
    if (performance.now() > deadlineMs) throw ended(name);
    await wait(5);
  }
}

/** The pid of a daemon, as this machine numbers it; null where it does not run. */
export function daemonPid(node: number, name: DaemonName): number | null {
  return childrenOf(node).find((pid) => programOf(pid) === name) ?? null;
}

/** Throws IncompleteError with a daemon's last words where it does not run any more. */
export function assertRuns(node: number, name: DaemonName): void {
  if (daemonPid(node, name) === null) throw ended(name);
}

/** Ends a daemon: asked first, after ten seconds without asking. */
export async function stopDaemon(node: number, name: DaemonName): Promise<void> {
  const deadlineMs = performance.now() + 10_000;
  for (let pid = daemonPid(node, name); pid !== null; pid = daemonPid(node, name)) {
    process.kill(pid, performance.now() < deadlineMs ? "SIGTERM" : "SIGKILL");
    await wait(50);
  }
}

/** Why a daemon ended, in its own words: the last errors of its log. */
export function ended(name: DaemonName): IncompleteError {
  return new IncompleteError(`${name} ended: ${lastWords(readFileSync(logFileOf(name), "utf8"))}`);
}

/** The last three errors or, without any, the last three lines; klog's errors begin with E or F. */
export function lastWords(log: string): string {
  const lines = log.trimEnd().split("\n");
  const errors = lines.filter((line) => /^[EF]\d{4} |^Error|\blevel=(error|fatal)\b|"level":"fatal"/.test(line));
  return (errors.length > 0 ? errors : lines).slice(-3).join("\n");
}

/** The name of the program that a process runs, by its argv. */
function programOf(pid: number): string {
  try {
    return basename(readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0] ?? "");
  } catch {
    return "";
  }
}
