import type { Caveat } from "../results/caveats.ts";
import { disturbedWindowShare, type OtherCpu } from "../results/disturbance.ts";
import type { NodeSample, Sample } from "../results/samples.ts";
import { nodesOf, rises, type Span } from "./deltas.ts";
import type { TrialInput } from "./trial-input.ts";
import { largest, sum } from "./windows.ts";

/** CPU time comes in ticks of 10 ms, several for each process: over a shorter time they are no share. */
const shortestWindowMs = 500;

/**
 * CPU used by others than the run over a span. A window is the time from one look at the machine to the next whose middle lies in the
 * span; in each
 *
 *     share = (busy - softirq - run) / (CPUs x elapsed), from 0 to 1
 *
 * with the rises of all CPUs' busy time (everything but idle and waiting for a disk; steal counts, since a hypervisor's other guests are
 * others too), of their time in softirqs, and of the CPU time of all the run's processes. Softirqs belong to no process, and with veth
 * they are the run's own packets. A kernel that does not keep them apart from the process they interrupt (no IRQ_TIME_ACCOUNTING) has
 * them in both: the share is then too low by as much, never too high. Of kernel threads that work for the run's packets ksoftirqd is in softirq,
 * the others (some 1% of the CPUs) are taken for others.
 *
 * null where the run's CPU time was not taken or no window lies in the span.
 */
export function otherCpuOf(samples: readonly Sample[], span: Span): OtherCpu | null {
  const windows = windowsOf(nodesOf(samples)).filter(
    ({ middleMs }) => middleMs >= span.fromMs && middleMs <= span.toMs,
  );
  if (windows.length === 0) return null;
  const capacityMs = sum(windows.map((window) => window.capacityMs));
  const shares = windows.map(({ otherMs, capacityMs: own }) => otherMs / own);
  return {
    cpus: largest(windows.map(({ cpus }) => cpus)),
    share: sum(windows.map(({ otherMs }) => otherMs)) / capacityMs,
    peakShare: largest(shares),
    windows: windows.length,
    disturbedWindows: shares.filter((share) => share > disturbedWindowShare).length,
  };
}

/** What is to be said of it beside a trial's numbers. */
export function otherCpuCaveats(otherCpu: OtherCpu | null, { platform }: Pick<TrialInput, "platform">): Caveat[] {
  if (otherCpu === null) {
    // Of a node that nobody watches that is said in one go (cluster-caveats.ts).
    if (platform?.nodeObserved === false) return [];
    return [{ code: "cpu-of-others-unknown", node: platform?.node ?? null }];
  }
  return otherCpu.disturbedWindows === 0 ? [] : [{ code: "cpu-taken-by-others", otherCpu }];
}

interface MachineWindow {
  middleMs: number;
  cpus: number;
  /** CPU time that there was, and what of it others used. */
  capacityMs: number;
  otherMs: number;
}

/** Between each two looks at which the run's CPU time is known; a look that comes too soon after the one before is passed over. */
function windowsOf(looks: NodeSample[]): MachineWindow[] {
  const windows: MachineWindow[] = [];
  let before: NodeSample | null = null;
  for (const look of looks) {
    if (before !== null && look.atMs - before.atMs < shortestWindowMs) continue;
    const window = before === null ? null : windowBetween(before, look);
    if (window !== null) windows.push(window);
    before = look;
  }
  return windows;
}

function windowBetween(first: NodeSample, last: NodeSample): MachineWindow | null {
  // A CPU that is offline has done nothing, ever.
  const cpus = last.cpuBusyMs.filter((ms) => ms > 0).length;
  const same = first.cpuBusyMs.length === last.cpuBusyMs.length;
  if (first.runCpuMs === null || last.runCpuMs === null || cpus === 0 || !same) return null;
  const risen = (field: "cpuBusyMs" | "cpuSoftirqMs") => sum(rises(first[field], last[field]));
  const otherMs = risen("cpuBusyMs") - risen("cpuSoftirqMs") - (last.runCpuMs - first.runCpuMs);
  const capacityMs = cpus * (last.atMs - first.atMs);
  const middleMs = (first.atMs + last.atMs) / 2;
  return { middleMs, cpus, capacityMs, otherMs: Math.min(Math.max(otherMs, 0), capacityMs) };
}
