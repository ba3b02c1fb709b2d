import { type LiveSteering, tuners } from "../results/live-samples.ts";
import { isNetworkInterrupt, parseInterrupts, readNetworkDevices } from "./interrupts.ts";
import type { MachineSteering } from "./observer.ts";
import { allPids, namesIn, readProc } from "./proc.ts";

/**
 * Which CPUs serve the network devices' interrupts, as permitted and as in use, and whether irqbalance moves them about
 * (null where other processes can't be seen).
 */
export async function readSteering(): Promise<MachineSteering> {
  return {
    irqs: readInterrupts("/proc"),
    irqbalanceRunning: runningPrograms(["irqbalance"])?.includes("irqbalance") ?? null,
  };
}

/** The same with all that moves settings, and the devices' rps_cpus: of the network namespace that this process is in. `proc`: where the machine's is. */
export function readLiveSteering(proc: string): LiveSteering {
  return { rpsCpus: readRpsMasks(), irqs: readInterrupts(proc), tuners: runningPrograms(tuners) };
}

function readInterrupts(proc: string): MachineSteering["irqs"] {
  const devices = readNetworkDevices();
  const rows = parseInterrupts(readProc(`${proc}/interrupts`) ?? "").filter((row) => isNetworkInterrupt(row, devices));
  return rows.map(({ irq, name }) => ({
    irq,
    name,
    affinity: readProc(`${proc}/irq/${irq}/smp_affinity_list`)?.trim() ?? "",
    effectiveAffinity: readProc(`${proc}/irq/${irq}/effective_affinity_list`)?.trim() ?? null,
  }));
}

/** Which of some programs run, by the name that the kernel has for them; null where other processes can't be seen. */
function runningPrograms<Name extends string>(programs: readonly Name[]): Name[] | null {
  const running = new Set(allPids().map((pid) => readProc(`/proc/${pid}/comm`)?.trim()));
  return running.size === 0 ? null : programs.filter((program) => running.has(program));
}

function readRpsMasks(folder = "/sys/class/net"): string | null {
  const masks = namesIn(folder).flatMap((device) =>
    namesIn(`${folder}/${device}/queues`)
      .filter((queue) => queue.startsWith("rx-"))
      .flatMap((queue) => readProc(`${folder}/${device}/queues/${queue}/rps_cpus`)?.trim() ?? []),
  );
  return masks.length === 0 ? null : [...new Set(masks)].join(" ");
}
