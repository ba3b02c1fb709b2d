import { readdirSync } from "node:fs";
import { isNetworkInterrupt, parseInterrupts, readNetworkDevices } from "./interrupts.ts";
import type { MachineSteering } from "./observer.ts";
import { readProc } from "./proc.ts";

/**
 * Which CPUs serve the network devices' interrupts, as permitted and as in use, and whether irqbalance moves them about
 * (null where other processes can't be seen).
 */
export async function readSteering(): Promise<MachineSteering> {
  const devices = readNetworkDevices();
  const rows = parseInterrupts(readProc("/proc/interrupts") ?? "").filter((row) => isNetworkInterrupt(row, devices));
  return {
    irqs: rows.map(({ irq, name }) => ({
      irq,
      name,
      affinity: readProc(`/proc/irq/${irq}/smp_affinity_list`)?.trim() ?? "",
      effectiveAffinity: readProc(`/proc/irq/${irq}/effective_affinity_list`)?.trim() ?? null,
    })),
    irqbalanceRunning: runningPrograms(["irqbalance"])?.includes("irqbalance") ?? null,
  };
}

/** Which of some programs run, by the name that the kernel has for them; null where other processes can't be seen. */
export function runningPrograms<Name extends string>(programs: readonly Name[]): Name[] | null {
  try {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const running = new Set(pids.map((pid) => readProc(`/proc/${pid}/comm`)?.trim()));
    return programs.filter((program) => running.has(program));
  } catch {
    return null;
  }
}
