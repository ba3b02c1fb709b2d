import { counted } from "../../core/words.ts";
import { type LiveSteering, tuners } from "../../results/live-samples.ts";

/** Rows that are told one by one: a large network card has a pair for each CPU. */
const toldRows = 4;

/** What decides which CPU receives, each with its value. */
export function steeringWords({ rpsCpus, irqs, tuners: running }: LiveSteering): [name: string, words: string][] {
  return [
    ...(rpsCpus === null ? [] : ([["rps_cpus", rpsWords(rpsCpus)]] as [string, string][])),
    ["network interrupts", interruptWords(irqs)],
    ...(running === null ? [] : ([[tuners.join(", "), runningWords(running)]] as [string, string][])),
  ];
}

function rpsWords(masks: string): string {
  return /^[0, ]*$/.test(masks) ? `${masks} (off: who takes the interrupt does the work)` : masks;
}

/** "virtio2-input.0 on CPU 1 (may be 0-1)" */
function interruptWords(irqs: LiveSteering["irqs"]): string {
  if (irqs.length === 0) return "none are known";
  const told = irqs.slice(0, toldRows).map(({ name, affinity, effectiveAffinity: inUse }) => {
    if (inUse === null || inUse === affinity) return `${name} on CPU ${affinity}`;
    return `${name} on CPU ${inUse} (may be ${affinity})`;
  });
  return [...told, ...(irqs.length > toldRows ? [`${counted(irqs.length - toldRows, "more row")}`] : [])].join(", ");
}

function runningWords(running: readonly string[]): string {
  if (running.length === 0) return "none runs";
  return `${running.join(" and ")} ${running.length === 1 ? "runs" : "run"}`;
}
