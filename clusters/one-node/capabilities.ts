import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { usualBuildWords } from "../../harness/cache/build-progress.ts";
import { requireGo } from "../../harness/cache/go.ts";
import type { Capability } from "../../harness/core/capability.ts";
import { CapabilityError, ExpectedError } from "../../harness/core/errors.ts";
import { findTool, toolPath } from "../../harness/testbeds/netns/find-program.ts";
import { cgroupHierarchies, neededControllers } from "./cgroups.ts";
import { type CachedKubernetes, cachedKubernetes } from "./kubernetes-programs.ts";

/** What the cluster needs of the system, by the Debian package that brings it. tunebench installs none of them itself. */
const packages: Record<string, string[]> = {
  "etcd-server": ["etcd"],
  containerd: ["containerd", "ctr", "containerd-shim-runc-v2"],
  runc: ["runc"],
  "busybox-static": ["busybox"],
  openssl: ["openssl"],
  "util-linux": ["unshare", "nsenter", "setsid", "flock"],
  mount: ["mount"],
  iproute2: ["ip"],
  tar: ["tar"],
  "libc-bin": ["ldd"],
};

/** Where distributions keep the CNI plugins: Debian, the plugins' own releases, Fedora. */
const cniFolders = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];
const cniPlugins = ["bridge", "host-local", "loopback", "tuning"];
const cniPackage = "containernetworking-plugins";

/** The folder of the CNI plugins; null where they are missing. */
export function findCniFolder(): string | null {
  return cniFolders.find((folder) => cniPlugins.every((plugin) => existsSync(join(folder, plugin)))) ?? null;
}

/** What this machine has for a cluster of its own; for `tunebench doctor --cluster one-node` and before `cluster up`, which has looked into the cache. */
export async function oneNodeCapabilities(
  env: NodeJS.ProcessEnv,
  cached: CachedKubernetes | null = null,
): Promise<Capability[]> {
  if (process.platform !== "linux") return [lacking("platform", "the cluster needs Linux", "use a Linux VM")];
  const root = process.geteuid?.() === 0;
  return [
    root
      ? has("root", "containers and cgroups can be made")
      : lacking("root", "not root", "run tunebench as root (sudo)"),
    systemPrograms(),
    cgroups(),
    overlay(),
    ...(root ? [await links()] : []),
    await kubernetes(env, cached ?? (await cachedKubernetes(env))),
  ];
}

/** Throws CapabilityError with all that is missing, and what gives it. */
export async function requireOneNode(env: NodeJS.ProcessEnv, cached: CachedKubernetes): Promise<void> {
  const missing = (await oneNodeCapabilities(env, cached)).filter(({ ok }) => !ok);
  if (missing.length === 0) return;
  const words = missing.map(({ name, detail }) => `${name}: ${detail}`).join("\n");
  throw new CapabilityError(`the cluster one-node can't be started on this machine\n${words}`, {
    hint: missing
      .map(({ remedy }) => remedy)
      .filter(Boolean)
      .join("\n"),
  });
}

function systemPrograms(): Capability {
  const lacks = Object.entries(packages).filter(([, tools]) => tools.some((tool) => findTool(tool) === null));
  const missing = [...lacks.map(([name]) => name), ...(findCniFolder() === null ? [cniPackage] : [])];
  if (missing.length === 0) return has("programs", "etcd, containerd, runc, CNI plugins, busybox");
  return lacking("programs", `missing from the system: ${missing.join(", ")}`, `apt-get install ${missing.join(" ")}`);
}

function cgroups(): Capability {
  const found = cgroupHierarchies().flatMap((hierarchy) => hierarchy.controllers);
  const missing = neededControllers.filter((controller) => !found.includes(controller));
  if (missing.length === 0) return has("cgroups", neededControllers.join(", "));
  const detail = `the kubelet needs controllers that are not mounted here: ${missing.join(", ")}`;
  return lacking("cgroups", detail, "run on the machine itself, or in a container with --privileged --cgroupns=host");
}

function overlay(): Capability {
  if (/\boverlay$/m.test(readFileSync("/proc/filesystems", "utf8")))
    return has("overlay", "containers' file systems can be stacked");
  return lacking("overlay", "the kernel has no overlay file system", "modprobe overlay, as root");
}

/** Really tried, in a network of its own. */
async function links(): Promise<Capability> {
  const lines = "link add name pods0 type bridge\nlink add name pod0 type veth peer name pod1\n";
  const argv = ["--net", "--", toolPath("ip"), "-batch", "-"];
  const { failed, stderr } = await execa(toolPath("unshare"), argv, { input: lines, reject: false });
  if (!failed) return has("links", "bridges and pairs of virtual cards can be made");
  return lacking("links", stderr, "modprobe bridge veth, as root, outside a container that forbids it");
}

async function kubernetes(env: NodeJS.ProcessEnv, { programs, folder, built }: CachedKubernetes): Promise<Capability> {
  if (built) return has("kubernetes", `${programs.version} in ${folder}, built by tunebench`);
  try {
    const go = await requireGo(env, programs);
    return has(
      "kubernetes",
      `${programs.version} will be built with ${go} at the first \`cluster up\` (${usualBuildWords(programs)})`,
    );
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return lacking("kubernetes", error.message, error.hint);
  }
}

function has(name: string, detail: string): Capability {
  return { name, ok: true, required: true, detail, remedy: null };
}

function lacking(name: string, detail: string, remedy: string | null): Capability {
  return { name, ok: false, required: true, detail, remedy };
}
