import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What only the one-node cluster needs, by Debian package. */
const clusterPackages: Record<string, () => boolean> = {
  "etcd-server": () => onPath("etcd"),
  containerd: () => onPath("containerd") && onPath("ctr"),
  runc: () => onPath("runc"),
  "containernetworking-plugins": () => existsSync("/usr/lib/cni/bridge"),
  "busybox-static": () => onPath("busybox"),
  openssl: () => onPath("openssl"),
};

/** What a test needs of the machine beyond Node, each with a probe and the Debian package that brings it. */
const probes = {
  linux: { debian: null, present: () => process.platform === "linux" },
  root: { debian: null, present: () => process.getuid?.() === 0 },
  namespaces: { debian: "iproute2", present: () => onPath("ip") && onPath("unshare") && canUnshare() },
  ss: { debian: "iproute2", present: () => onPath("ss") },
  mariadb: { debian: "mariadb-server", present: () => onPath("mariadbd") },
  chromium: { debian: "chromium", present: () => onPath("chromium") },
  k6: { debian: null, present: () => onPath("go") || onPath("k6") || process.env.TUNEBENCH_K6 !== undefined },
  go: { debian: null, present: () => onPath("go") },
  "one-node": { debian: null, present: () => !isUsersCluster() && canRunOneNode() },
  cluster: { debian: null, present: () => isUsersCluster() || (process.getuid?.() === 0 && canRunOneNode()) },
} as const;

/** Name of something a test needs of the machine. */
export type MachinePart = keyof typeof probes;

/**
 * Parts that a machine of CI may lack: what its kernel was built without, or what is too much to bring to every machine. A test that needs one
 * is skipped there, and counted; without any other part a test fails in CI.
 */
const mayLackInCi: string[] = ["netem", "tbf", "podman", "promtool"];

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
  try {
    execFileSync("unshare", [...asUser, "--net", "--ipc", "--pid", "--fork", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
