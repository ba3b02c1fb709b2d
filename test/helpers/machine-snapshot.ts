import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Counters, and what the kernel changes by itself. */
const restless = /\/(random\/.*|ns_last_pid|[a-z]+-nr|[a-z]+-state|nr_.*|.*_count|pty\/nr|perf_event_max_sample_rate)$/;

/** Where Kubernetes, containerd, CNI and kubectl write by default. */
const folders = ["/etc/cni", "/etc/kubernetes", "/opt", "/run", "/usr/libexec", "/var/lib", "/var/lib/cni", "/var/log"];

/**
 * What a cluster could change of the machine, a line each: every setting below /proc/sys that root may write, links, routes,
 * mounts, cgroups, packet filter rules, and the names in the folders where such programs write by default.
 */
export function machineSnapshot(): string[] {
  const home = join(process.env.HOME ?? "/root", ".kube");
  return [
    ...settingsBelow("/proc/sys"),
    ...readdirSync("/sys/class/net").map((name) => `link ${name}`),
    ...outputOf("ip", ["route"]).map((route) => `route ${route}`),
    ...readFileSync("/proc/self/mountinfo", "utf8")
      .trimEnd()
      .split("\n")
      .map((row) => `mount ${row}`),
    ...clusterCgroups().map((name) => `cgroup ${name}`),
    ...["filter", "nat", "mangle", "raw"].flatMap((table) => outputOf("iptables", ["-t", table, "-S"])),
    ...[...folders, home].flatMap((folder) => namesIn(folder).map((name) => `file ${join(folder, name)}`)),
  ];
}

/** What is only in one of two snapshots: `+` for what came, `-` for what went. */
export function changesOf(before: string[], now: string[]): string[] {
  const [was, is] = [new Set(before), new Set(now)];
  return [
    ...now.filter((line) => !was.has(line)).map((line) => `+ ${line}`),
    ...before.filter((line) => !is.has(line)).map((line) => `- ${line}`),
  ];
}

function settingsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return settingsBelow(path);
    return restless.test(path) || (modeOf(path) & 0o200) === 0 ? [] : [`setting ${path} ${textOf(path).trim()}`];
  });
}

/** 0 for a setting that went with its link. */
function modeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
}

/** Empty for what can only be written. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The uppermost cgroups of each hierarchy that a cluster could have made. */
function clusterCgroups(): string[] {
  const all = namesIn("/sys/fs/cgroup").flatMap((name) => [name, ...namesIn(join("/sys/fs/cgroup", name))]);
  return all.filter((name) => /tunebench|kube/.test(name));
}

function namesIn(folder: string): string[] {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : [];
}

function outputOf(program: string, args: string[]): string[] {
  try {
    const text = execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return text.split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
