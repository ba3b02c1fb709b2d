import { readFileSync } from "node:fs";

/** CAP_SYS_RESOURCE (capabilities(7)): whoever lacks it can't raise a hard limit. */
const mayRaiseLimits = 1n << 24n;

/** Above it a limit of processes is refused, though the shell's own is higher (seen with runc 1.1 below podman 4.3). */
const mostProcesses = 32_768;

/**
 * Limits that podman is told where it can't have its own, a million files and processes each: the start of a container would be refused. {}
 * where nothing has to be said.
 * @param status text of /proc/self/status
 * @param limits text of /proc/self/limits
 */
export function modestLimits(status: string, limits: string): Record<string, string> {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  if ((effective & mayRaiseLimits) !== 0n) return {};
  const files = hardLimit(limits, "Max open files");
  const processes = Math.min(hardLimit(limits, "Max processes") ?? mostProcesses, mostProcesses);
  return { nproc: `${processes}:${processes}`, ...(files === null ? {} : { nofile: `${files}:${files}` }) };
}

/** The same of this process. */
export function modestLimitsHere(): Record<string, string> {
  return modestLimits(readFileSync("/proc/self/status", "utf8"), readFileSync("/proc/self/limits", "utf8"));
}

/** null where there is none. */
function hardLimit(limits: string, name: string): number | null {
  const hard = new RegExp(`^${name} +\\S+ +(\\d+)`, "m").exec(limits)?.[1];
  return hard === undefined ? null : Number(hard);
}
