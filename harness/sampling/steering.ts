import { readdir } from "node:fs/promises";
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
    irqbalanceRunning: await isRunning("irqbalance"),
  };
}

async function isRunning(program: string): Promise<boolean | null> {
  try {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    return pids.some((pid) => readProc(`/proc/${pid}/comm`)?.trim() === program);
  } catch {
    return null;
  }
}
