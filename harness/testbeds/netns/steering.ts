import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { IncompleteError } from "../../core/errors.ts";
import { enterArgv, runInside } from "./enter.ts";
import { assertPrivate, type Holder } from "./holder.ts";

/**
 * Mounts the namespace's own sysfs over /sys of the holder's mount namespace: without it /sys/class/net shows the
 * machine's cards. False where the kernel refuses (a container with a masked /sys): then nothing can be steered.
 */
export async function mountSysfs(holder: Holder): Promise<boolean> {
  const result = await runInside(holder, enterArgv(holder), ["mount", "-t", "sysfs", "sysfs", "/sys"]);
  return result.exitCode === 0 && ownSysfs(holder) !== null;
}

/**
 * Writes an rps_cpus mask to every receive queue of the interfaces, and reads it back. The kernel asks for
 * CAP_NET_ADMIN of the machine itself (net/core/net-sysfs.c, store_rps_map), so rootless it always refuses.
 * @throws IncompleteError with the kernel's words
 */
export function steer(holder: Holder, interfaces: string[], mask: string): void {
  const files = queueFiles(holder, interfaces);
  if (files.length === 0) throw new IncompleteError(`${holder.role}: no receive queue to steer (sysfs not mounted)`);
  for (const file of files) {
    assertPrivate(holder);
    try {
      writeFileSync(file, mask);
    } catch (cause) {
      throw new IncompleteError(`rps ${mask} for ${holder.role} was refused: ${(cause as Error).message}`, { cause });
    }
  }
  const found = readRpsCpus(holder, interfaces);
  if (found === null || cpusOfMask(found) !== cpusOfMask(mask)) {
    throw new IncompleteError(`rps ${mask} for ${holder.role} did not take: rps_cpus reads ${found}`);
  }
}

/** rps_cpus of the interfaces' receive queues, as the kernel prints it; differing ones joined by a blank; null where none can be read. */
export function readRpsCpus(holder: Holder, interfaces: string[]): string | null {
  try {
    const masks = queueFiles(holder, interfaces).map((file) => readFileSync(file, "utf8").trim());
    return masks.length === 0 ? null : [...new Set(masks)].join(" ");
  } catch {
    return null;
  }
}

/** CPUs of a mask as a number with a bit for each: "00000000,00000003" -> 3n. null where it is no mask. */
export function cpusOfMask(mask: string): bigint | null {
  const digits = mask.trim().replaceAll(",", "");
  return /^[0-9a-fA-F]+$/.test(digits) ? BigInt(`0x${digits}`) : null;
}

function queueFiles(holder: Holder, interfaces: string[]): string[] {
  const sysfs = ownSysfs(holder);
  if (sysfs === null) return [];
  return interfaces.flatMap((name) => {
    const queues = `${sysfs}/class/net/${name}/queues`;
    const receive = readdirSync(queues).filter((queue) => queue.startsWith("rx-"));
    return receive.map((queue) => `${queues}/${queue}/rps_cpus`);
  });
}

/** The holder's /sys as seen from here; null where it is still the machine's, which must never be written. */
function ownSysfs(holder: Holder): string | null {
  const path = `/proc/${holder.pid}/root/sys`;
  try {
    return statSync(path).dev === statSync("/sys").dev ? null : path;
  } catch {
    return null;
  }
}
