import { formatDecimal } from "../../core/numbers.ts";
import type { OtherCpu } from "../../results/disturbance.ts";

/** "programs outside the run used over a tenth of the 2 CPUs in 12 of 20 windows (0.8 CPUs on average, 1.4 at most)" */
export function otherCpuWords({ cpus, share, peakShare, windows, disturbedWindows }: OtherCpu): string {
  const [mean, most] = [share, peakShare].map((part) => formatDecimal(part * cpus));
  return `programs outside the run used over a tenth of the ${cpus} CPUs in ${disturbedWindows} of ${windows} windows (${mean} CPUs on average, ${most} at most)`;
}
