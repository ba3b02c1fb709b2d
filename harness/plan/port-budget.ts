import {
  kernelPortRange,
  type PortRange,
  parsePortRange,
  portRangeKey,
  portsIn,
  reservedPortsKey,
  reservedWithin,
  reuseKey,
} from "../core/ports.ts";
import { kernelDefault, pinnedSettings } from "../knowledge/settings.ts";
import type { Sysctls } from "../suite/suite.ts";

/**
 * How many new connections to one destination a namespace's settings allow: arithmetic on sysctls over the defaults of a
 * fresh network namespace.
 */
export interface PortBudget {
  /** The range minus the reserved ports in it. */
  usable: number;
  /** TIME_WAIT ports are taken again after `reuseDelayMs`: tcp_tw_reuse=1 with timestamps. 2, the default, is loopback only. */
  reuses: boolean;
  reuseDelayMs: number;
  /** TIME_WAITs that the kernel keeps; beyond it they are dropped. */
  buckets: number;
}

/** A TIME_WAIT's life, fixed when the kernel is built (include/net/tcp.h, TCP_TIMEWAIT_LEN). */
export const timeWaitMs = 60_000;

const delay = "net.ipv4.tcp_tw_reuse_delay";
const buckets = "net.ipv4.tcp_max_tw_buckets";

export function portBudget(sysctls: Sysctls): PortBudget {
  const range = takenRange(sysctls[portRangeKey] ?? "") ?? kernelPortRange;
  const reserved = reservedWithin(sysctls[reservedPortsKey] ?? "", range);
  return {
    usable: Math.max(0, portsIn(range) - reserved),
    reuses: sysctls[reuseKey] === "1" && sysctls["net.ipv4.tcp_timestamps"] !== "0",
    reuseDelayMs: delayMsOf(sysctls[delay]) ?? Number(kernelDefault(delay)),
    buckets: wholeOr(sysctls[buckets], Number(pinnedSettings[buckets])),
  };
}

/**
 * The kernel's own default of tcp_max_tw_buckets: half the slots of its table of connections, which has one per 128 KiB of
 * memory, rounded up to a power of two, at most 512 Ki (net/ipv4/tcp.c, tcp_init).
 */
export function defaultBuckets(memoryBytes: number): number {
  const slots = 2 ** Math.ceil(Math.log2(memoryBytes / (128 * 1024)));
  return Math.min(slots, 512 * 1024) / 2;
}

/** The memory above which a machine's own tcp_max_tw_buckets holds so many TIME_WAITs, bytes. */
export function memoryForBuckets(buckets: number): number {
  return 2 ** (Math.ceil(Math.log2(2 * buckets)) - 1) * 128 * 1024;
}

/** What the kernel would refuse reads as its default here; preflight says so before anything runs. */
function takenRange(value: string): PortRange | null {
  const range = parsePortRange(value);
  return range !== null && range.low >= 1 && range.low <= range.high && range.high <= 65_535 ? range : null;
}

/** From 1 to a TIME_WAIT's whole life: the kernel refuses 0 too (tried on 6.18). */
function delayMsOf(value = ""): number | null {
  return /^[1-9]\d{0,4}$/.test(value) && Number(value) <= timeWaitMs ? Number(value) : null;
}

function wholeOr(value: string | undefined, otherwise: number): number {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : otherwise;
}
