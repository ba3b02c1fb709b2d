import { existsSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { type Explanation, explainUnshareFailure, type UnshareFacts } from "./explain-unshare.ts";
import { findTool, toolEnvironment } from "./find-program.ts";
import { unshareArgv } from "./holder.ts";

/** How namespaces can be made here, or why not. */
export type Privilege = { possible: true; rootless: boolean } | ({ possible: false } & Explanation);

/** Tools without which nothing works, by the Debian package that brings them. */
export const requiredTools: Record<string, string> = {
  unshare: "util-linux",
  nsenter: "util-linux",
  setpriv: "util-linux",
  mount: "mount",
  ip: "iproute2",
  cat: "coreutils",
  tee: "coreutils",
  stat: "coreutils",
  grep: "grep",
};

/** Really makes a namespace and lets it go: as root where we are root, else (or where root lacks the capability) rootless. */
export async function findPrivilege(): Promise<Privilege> {
  const here = platformProblem(process.platform) ?? toolProblem(Object.keys(requiredTools));
  if (here !== null) return { possible: false, ...here };
  const root = process.geteuid?.() === 0;
  if (root && (await tryUnshare(false)) === null) return { possible: true, rootless: false };
  const words = await tryUnshare(true);
  if (words === null) return { possible: true, rootless: true };
  return { possible: false, ...explainUnshareFailure(gatherFacts(words, root)) };
}

/** null on Linux. */
export function platformProblem(platform: NodeJS.Platform): Explanation | null {
  if (platform === "linux") return null;
  const name = { darwin: "macOS", win32: "Windows" }[platform as string] ?? platform;
  return {
    detail: `${name} has no network namespaces; experiments on this machine need Linux`,
    remedy: "use a Linux VM (lima, multipass, WSL 2), or a cluster with --cluster NAME",
  };
}

/** The first package that lacks; null where every tool is there. */
export function toolProblem(tools: string[]): Explanation | null {
  const missing = tools.filter((tool) => findTool(tool) === null);
  if (missing.length === 0) return null;
  const packages = new Set(missing.map((tool) => requiredTools[tool] ?? tool));
  return {
    detail: `missing on PATH: ${missing.join(", ")}`,
    remedy: `apt-get install ${[...packages].join(" ")} (or your distribution's packages of those programs)`,
  };
}

/** null = it worked; otherwise unshare's words. */
async function tryUnshare(rootless: boolean): Promise<string | null> {
  const [command = "unshare", ...args] = unshareArgv({ rootless, userOf: null }, ["true"]);
  const result = await execa(command, args, {
    reject: false,
    env: toolEnvironment(),
    extendEnv: false,
    stdin: "ignore",
  });
  return result.exitCode === 0 ? null : result.stderr || `unshare ended with ${result.exitCode}`;
}

function gatherFacts(words: string, root: boolean): UnshareFacts {
  const seccomp = /^Seccomp:\s*(\d)/m.exec(textOf("/proc/self/status") ?? "")?.[1];
  return {
    words,
    root,
    seccomp: seccomp === undefined ? null : Number(seccomp),
    container: containerName(),
    maxUserNamespaces: numberIn("/proc/sys/user/max_user_namespaces"),
    unprivilegedUsernsClone: numberIn("/proc/sys/kernel/unprivileged_userns_clone"),
    apparmorRestrictsUserns: numberIn("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
  };
}

function containerName(): string | null {
  if (process.env.KUBERNETES_SERVICE_HOST !== undefined) return "Kubernetes";
  if (existsSync("/.dockerenv")) return "Docker";
  if (existsSync("/run/.containerenv")) return "Podman";
  return process.env.container ?? null;
}

function numberIn(path: string): number | null {
  const text = textOf(path)?.trim();
  return text === undefined || text === "" || Number.isNaN(Number(text)) ? null : Number(text);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
