import { realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { namesIn } from "./proc.ts";

/** One numbered row of /proc/interrupts: counts by CPU number and what the driver called it. */
export interface InterruptRow {
  irq: number;
  perCpu: number[];
  name: string;
}

/** How the machine's network devices can be known among the interrupts. */
export interface NetworkDevices {
  /** Numbers that the devices' PCI functions own (device/msi_irqs). */
  irqs: Set<number>;
  /** Interface names (ens5) and, where the device is virtio, the bus names (virtio2) that begin their rows' names. */
  names: Set<string>;
}

/** Rows that have a number; rows such as NMI or LOC belong to no device. CPUs are those of the head line. */
export function parseInterrupts(text: string): InterruptRow[] {
  const [head = "", ...lines] = text.split("\n");
  const cpus = [...head.matchAll(/CPU(\d+)/g)].map(([, cpu]) => Number(cpu));
  return lines.flatMap((line) => {
    const [, irq, rest] = /^\s*(\d+):(.*)$/.exec(line) ?? [];
    if (irq === undefined || rest === undefined) return [];
    const words = rest.trim().split(/\s+/);
    const perCpu: number[] = new Array(Math.max(0, ...cpus.map((cpu) => cpu + 1))).fill(0);
    for (const [place, cpu] of cpus.entries()) perCpu[cpu] = Number(words[place] ?? 0);
    return [{ irq: Number(irq), perCpu, name: words.at(-1) ?? "" }];
  });
}

/** Whether a row is a network device's: by its number, or by a name such as ens5-Tx-Rx-0, eth0, virtio2-input.0. */
export function isNetworkInterrupt(row: InterruptRow, devices: NetworkDevices): boolean {
  if (devices.irqs.has(row.irq)) return true;
  const owner = /^([^@:]+?)(?:[-@:].*)?$/.exec(row.name)?.[1] ?? row.name;
  return devices.names.has(owner) && !row.name.endsWith("-config");
}

/** Sum of the network devices' rows per CPU; empty where none is known. */
export function networkInterrupts(rows: InterruptRow[], devices: NetworkDevices): number[] {
  return rows
    .filter((row) => isNetworkInterrupt(row, devices))
    .reduce<number[]>((sum, { perCpu }) => perCpu.map((count, cpu) => count + (sum[cpu] ?? 0)), []);
}

/**
 * Devices behind /sys/class/net/DEV/device of this process's network namespace. A virtio device hangs under its PCI
 * function and names its rows by its own bus name. Interfaces without a device (lo, veth, bridges) have no interrupts.
 */
export function readNetworkDevices(folder = "/sys/class/net"): NetworkDevices {
  const devices: NetworkDevices = { irqs: new Set(), names: new Set() };
  for (const name of namesIn(folder)) {
    const device = realPath(join(folder, name, "device"));
    if (device === null) continue;
    devices.names.add(name);
    const isVirtio = basename(device).startsWith("virtio");
    if (isVirtio) devices.names.add(basename(device));
    for (const irq of namesIn(join(device, "msi_irqs"))) devices.irqs.add(Number(irq));
  }
  return devices;
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
