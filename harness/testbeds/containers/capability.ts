import { type Capability, capability, lacking } from "../../core/capability.ts";
import { enginesHere, isUsable } from "./container-engine.ts";

/** Whether images and compose files can be run on this machine, and by what; for `tunebench doctor`. */
export async function containersCapability(): Promise<Capability> {
  const engines = await enginesHere();
  const found = engines.filter(isUsable);
  const isRoot = process.geteuid?.() === 0;
  const able = found.filter(({ rootless }) => rootless === !isRoot);
  const titles = engines.map((one) => {
    if (!isUsable(one)) return `${one.name}: ${one.words}`;
    return `${one.name} ${one.version}${one.rootless ? " (an ordinary user's)" : ""}`;
  });
  const detail = titles.join("; ");
  if (able.length > 0) return capability("containers", { detail, required: false });
  const remedy =
    found.length > 0
      ? "run tunebench as root, or have podman as this user: the rig has to enter the containers' namespaces"
      : "apt-get install podman, or docker.io, where a suite has image: or compose:";
  return lacking("containers", { detail, remedy }, false);
}
