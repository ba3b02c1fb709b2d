import { existsSync, readFileSync } from "node:fs";
import { type Capability, capability, lacking } from "../../core/capability.ts";
import { findTool } from "./find-program.ts";
import { type Holder, spawnHolder } from "./holder.ts";
import { findPrivilege, platformProblem, requiredTools, toolProblem } from "./privilege.ts";
import { readKeys, writeKey } from "./settings.ts";
import { mountSysfs } from "./steering.ts";
import { ipBatch } from "./wire.ts";

/** What this machine can do for experiments in its own namespaces, each thing really tried; for `tunebench doctor`. */
export async function netnsCapabilities(): Promise<Capability[]> {
  const platform = platformProblem(process.platform);
  if (platform !== null) return [{ name: "platform", ok: false, required: true, ...platform }];
  const tools = toolProblem(Object.keys(requiredTools));
  const first = [
    capability("platform", { detail: `Linux ${readFileSync("/proc/sys/kernel/osrelease", "utf8").trim()}` }),
    tools === null ? capability("tools", { detail: Object.keys(requiredTools).join(", ") }) : lacking("tools", tools),
  ];
  return tools === null ? [...first, ...(await namespaceCapabilities()), ...optional()] : [...first, ...optional()];
}

async function namespaceCapabilities(): Promise<Capability[]> {
  const privilege = await findPrivilege();
  if (!privilege.possible) return [lacking("namespaces", privilege)];
  const made = capability("namespaces", {
    detail: privilege.rootless ? "without root, in a user namespace" : "as root",
  });
  const holder = spawnHolder("doctor", { rootless: privilege.rootless, userOf: null });
  try {
    return [made, ...(await insideCapabilities(await holder.ready))];
  } finally {
    await holder.close();
  }
}

async function insideCapabilities(probe: Holder): Promise<Capability[]> {
  const veth = await ipBatch(probe, ["link add load type veth peer name other"]).then(
    () => null,
    (error: Error) => error.message,
  );
  const somaxconn = await somaxconnProblem(probe);
  const sysfs = await mountSysfs(probe);
  return [
    veth === null
      ? capability("veth", { detail: "pairs of virtual cards can be made" })
      : lacking("veth", { detail: veth, remedy: "modprobe veth, as root" }),
    somaxconn === null
      ? capability("settings", { detail: "net.core.somaxconn can be written inside" })
      : lacking("settings", { detail: somaxconn, remedy: "run tunebench as root" }),
    sysfs && !probe.rootless
      ? capability("rps", { detail: "receive packet steering can be set", required: false })
      : lacking("rps", rpsProblem(sysfs), false),
  ];
}

async function somaxconnProblem(probe: Holder): Promise<string | null> {
  const words = await writeKey(probe, "net.core.somaxconn", "4321");
  const found = (await readKeys(probe, ["net.core.somaxconn"])).get("net.core.somaxconn");
  return found === "4321" ? null : `net.core.somaxconn can't be written inside: ${words ?? `it reads ${found}`}`;
}

function rpsProblem(sysfs: boolean): { detail: string; remedy: string } {
  if (sysfs)
    return { detail: "only the machine's root may steer packets between CPUs", remedy: "run tunebench as root" };
  return {
    detail: "the namespace's own sysfs can't be mounted",
    remedy: "run outside the container, or with --privileged",
  };
}

/** What experiments do without, with a gap in what is observed or in what a suite may ask for. */
function optional(): Capability[] {
  const tools = [
    ["taskset", "util-linux", "pins parts to CPUs (cpus:)"],
    ["ss", "iproute2", "reads the effective accept-queue limit"],
  ] as const;
  const found = tools.map(([tool, debian, use]) =>
    findTool(tool) === null
      ? lacking(tool, { detail: `not on PATH: it ${use}`, remedy: `apt-get install ${debian}` }, false)
      : capability(tool, { detail: use, required: false }),
  );
  return [...found, conntrack()];
}

function conntrack(): Capability {
  if (existsSync("/proc/sys/net/netfilter/nf_conntrack_count")) {
    return capability("conntrack", { detail: "connection tracking is on here and can be read", required: false });
  }
  const detail = "connection tracking is not loaded here, so no trial can run into its limit";
  return capability("conntrack", { detail, required: false });
}
