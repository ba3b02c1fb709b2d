import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { mayGroup } from "./control-group.ts";

/** What only the one-node cluster needs, by Debian package. */
const clusterPackages: Record<string, () => boolean> = {
  "etcd-server": () => onPath("etcd"),
  containerd: () => onPath("containerd") && onPath("ctr"),
  runc: () => onPath("runc"),
  "containernetworking-plugins": () => existsSync("/usr/lib/cni/bridge"),
  "busybox-static": () => onPath("busybox"),
  openssl: () => onPath("openssl"),
};

/** What only the services of test/truth need. */
const truthPackages: Record<string, () => boolean> = {
  "nginx-light": () => onPath("nginx"),
  haproxy: () => onPath("haproxy"),
  gunicorn: () => onPath("gunicorn"),
  "python3-pymysql": () => hasPymysql(),
};

/** What a test needs of the machine beyond Node, each with a probe and the Debian package that brings it. */
const probes = {
  linux: { debian: null, present: () => process.platform === "linux" },
  root: { debian: null, present: () => process.getuid?.() === 0 },
  namespaces: { debian: "iproute2", present: () => onPath("ip") && onPath("unshare") && canUnshare() && isReached() },
  ss: { debian: "iproute2", present: () => onPath("ss") },
  mariadb: { debian: "mariadb-server", present: () => onPath("mariadbd") },
  redis: { debian: "redis-server", present: () => onPath("redis-server") },
  chromium: { debian: "chromium", present: () => onPath("chromium") },
  python: { debian: "python3", present: () => existsSync("/usr/bin/python3") },
  nginx: { debian: null, present: () => onPath("nginx") },
  haproxy: { debian: null, present: () => onPath("haproxy") },
  gunicorn: { debian: null, present: () => onPath("gunicorn") },
  pymysql: { debian: null, present: hasPymysql },
  tbf: { debian: null, present: hasTokenBucket },
  conntrack: { debian: null, present: hasConntrack },
  "cpu-group": { debian: null, present: () => mayGroup("cpu") },
  "memory-group": { debian: null, present: () => mayGroup("memory") },
  k6: { debian: null, present: () => onPath("go") || onPath("k6") || process.env.TUNEBENCH_K6 !== undefined },
  docker: { debian: null, present: () => process.getuid?.() === 0 && onPath("docker") && onPath("dockerd") },
  podman: { debian: null, present: () => process.getuid?.() === 0 && onPath("podman") },
  locust: { debian: "python3-venv", present: hasLocust },
  promtool: { debian: null, present: () => onPath("promtool") },
  go: { debian: null, present: () => onPath("go") },
  npm: { debian: null, present: () => succeeds("npm", ["view", "--prefer-offline", "node@22.18.0", "version"]) },
  "one-node": { debian: null, present: () => !isUsersCluster() && canRunOneNode() },
  cluster: { debian: null, present: () => isUsersCluster() || (process.getuid?.() === 0 && canRunOneNode()) },
} as const;

/** Name of something a test needs of the machine. */
export type MachinePart = keyof typeof probes;

/**
 * Parts that a machine of CI may lack: what its kernel was built without, or what is too much to bring to every machine. A test that needs one
 * is skipped there, and counted; without any other part a test fails in CI.
 */
const mayLackInCi: string[] = [
  ...["netem", "npm", "tbf", "cpu-group", "memory-group", "docker", "podman", "promtool", "locust", "conntrack"],
];

/** What becomes of a test that needs parts which are not here: null where none is missing. */
export function withoutParts(missing: string[], isCi: boolean): "skip" | "fail" | null {
  if (missing.length === 0) return null;
  return isCi && missing.some((part) => !mayLackInCi.includes(part)) ? "fail" : "skip";
}

/** Debian packages behind the parts that these kinds of test need; test/run.ts installs what is missing where it may. */
export function debianPackages(kinds: string[]): Record<string, () => boolean> {
  const named = Object.values(probes).flatMap(({ debian, present }) => (debian === null ? [] : [[debian, present]]));
  return {
    ...Object.fromEntries(named),
    ...(kinds.some((kind) => ["kubernetes", "soak"].includes(kind)) ? clusterPackages : {}),
    ...(kinds.includes("truth") ? truthPackages : {}),
  };
}

/** Whether the tests run on a cluster of the user's: what they do to one-node itself is then left out. */
function isUsersCluster(): boolean {
  return process.env.TUNEBENCH_TEST_CONTEXT !== undefined;
}

function canRunOneNode(): boolean {
  return onPath("go") && Object.values(clusterPackages).every((isHere) => isHere());
}

const seen = new Map<MachinePart, boolean>();

/** Whether this machine has the part; probed once. */
export function present(part: MachinePart): boolean {
  if (!seen.has(part)) seen.set(part, probes[part].present());
  return seen.get(part) === true;
}

function onPath(program: string): boolean {
  const folders = `${process.env.PATH ?? ""}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}

function canUnshare(): boolean {
  const asUser = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  return succeeds("unshare", [...asUser, "--net", "--ipc", "--pid", "--fork", "true"]);
}

/** Whether parts, which are an ordinary user, are let through to this tree: below a closed folder (/root) they are not. */
function isReached(): boolean {
  const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
  return process.getuid?.() !== 0 || succeeds("setpriv", [...nobody, "test", "-x", import.meta.dirname]);
}

/** Debian's gunicorn runs in Debian's own Python, whatever python3 is on PATH. */
function hasPymysql(): boolean {
  return succeeds("/usr/bin/python3", ["-c", "import pymysql"]);
}

/** Installed by tunebench already, or to be had: a Python with venv, and PyPI. */
function hasLocust(): boolean {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tunebench");
  if (globSync("locust-*/sha256", { cwd: cache }).length > 0) return true;
  const asking = [
    "-m",
    "pip",
    "download",
    "--quiet",
    "--no-deps",
    "--dest",
    join(tmpdir(), "tunebench-locust"),
    "locust==2.46.0",
  ];
  return succeeds("/usr/bin/python3", ["-c", "import venv, ensurepip"]) && succeeds("/usr/bin/python3", asking);
}

/** Whether the kernel has the token bucket, asked of a namespace that goes at once. */
function hasTokenBucket(): boolean {
  const limit = ["rate", "1mbit", "burst", "32kb", "latency", "1ms"];
  return succeeds("unshare", ["--net", "tc", "qdisc", "add", "dev", "lo", "root", "tbf", ...limit]);
}

/** By its path: among node_modules' programs another has this name. */
export const nft = "/usr/sbin/nft";

/** Connection tracking that nftables turns on, asked of a namespace that goes at once; not of a table too large to be filled. */
function hasConntrack(): boolean {
  const file = "/proc/sys/net/netfilter/nf_conntrack_max";
  const rule = "table ip probe { chain out { type filter hook output priority 0; ct state new counter; }; }";
  return existsSync(file) && Number(readFileSync(file, "utf8")) <= 2 ** 20 && succeeds("unshare", ["--net", nft, rule]);
}

function succeeds(program: string, args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
