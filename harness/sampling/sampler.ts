import type { SamplerCost } from "../results/samples.ts";

/** One look. Returns false when there is nothing left to look at, which ends the sampler. */
export type Look = () => boolean;

/** A look repeated until stop(). */
export interface Sampler {
  readonly name: SamplerCost["sampler"];
  readonly cost: SamplerCost;
  /** Takes a last look (unless the sampler has ended) and clears its timer. Safe to call twice. */
  stop(): void;
}

/** How often to look: every `shortestMs`, or `restPerCost` times what the last look cost, whichever is longer. */
export interface Pace {
  shortestMs: number;
  restPerCost: number;
  /** Of a first look that cost less than this most was the program's own start: the second follows as soon as any. Absent: it counts as each. */
  coldMs?: number;
}

/** Looks now and then at its pace. The timer keeps no process alive. */
export function startSampler(name: SamplerCost["sampler"], pace: Pace, now: () => number, look: Look): Sampler {
  const meter = createMeter(now);
  let timer: NodeJS.Timeout | null = null;
  let alive = true;
  const run = () => {
    alive = meter.measure(look);
    if (!alive) return;
    const isCold = meter.looks() === 1 && meter.lastCostMs() < (pace.coldMs ?? 0);
    timer = setTimeout(
      run,
      isCold ? pace.shortestMs : Math.max(pace.shortestMs, meter.lastCostMs() * pace.restPerCost),
    );
    timer.unref();
  };
  run();
  return {
    name,
    get cost() {
      return meter.cost(name);
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (alive) meter.measure(look);
      alive = false;
    },
  };
}

/** Counts looks, their CPU time and the time between them. A single look has no interval: 0 and 0. */
function createMeter(now: () => number) {
  const seen = { looks: 0, cpuMs: 0, lastMs: 0, firstAt: 0, lastAt: 0, shortest: Number.POSITIVE_INFINITY, longest: 0 };
  return {
    measure(look: Look): boolean {
      const at = now();
      if (seen.looks === 0) seen.firstAt = at;
      else {
        seen.shortest = Math.min(seen.shortest, at - seen.lastAt);
        seen.longest = Math.max(seen.longest, at - seen.lastAt);
      }
      const before = process.cpuUsage();
      const alive = look();
      seen.lastMs = cpuMsSince(before);
      seen.cpuMs += seen.lastMs;
      seen.lastAt = at;
      seen.looks += 1;
      return alive;
    },
    looks: () => seen.looks,
    lastCostMs: () => seen.lastMs,
    cost(sampler: SamplerCost["sampler"]): SamplerCost {
      const ranMs = seen.lastAt - seen.firstAt;
      return {
        sampler,
        looks: seen.looks,
        cpuMs: seen.cpuMs,
        shareOfCore: ranMs > 0 ? seen.cpuMs / ranMs : 0,
        intervalMs: { shortest: seen.looks > 1 ? seen.shortest : 0, longest: seen.longest },
      };
    },
  };
}

/** CPU ms of this process since a reading of process.cpuUsage(); a look is synchronous, so it is the look's own. */
export function cpuMsSince(before: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}
