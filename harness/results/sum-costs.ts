import type { SamplerCost } from "./samples.ts";

/** One line of cost for each kind of sampler: looks and CPU add up, shares of a core too. */
export function sumCosts(costs: readonly SamplerCost[]): SamplerCost[] {
  const byName = new Map<SamplerCost["sampler"], SamplerCost>();
  for (const cost of costs) {
    const sum = byName.get(cost.sampler);
    byName.set(cost.sampler, sum === undefined ? cost : addCosts(sum, cost));
  }
  return [...byName.values()];
}

function addCosts(a: SamplerCost, b: SamplerCost): SamplerCost {
  return {
    sampler: a.sampler,
    looks: a.looks + b.looks,
    cpuMs: a.cpuMs + b.cpuMs,
    shareOfCore: a.shareOfCore + b.shareOfCore,
    intervalMs: {
      shortest: Math.min(a.intervalMs.shortest, b.intervalMs.shortest),
      longest: Math.max(a.intervalMs.longest, b.intervalMs.longest),
    },
  };
}
