import { isTargetRole } from "../core/roles.ts";
import type { CountersSample, NodeSample, RoleCpuSample, Sample } from "../results/samples.ts";

/** Part of the trial's clock, ms. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** First and last of the samples that bound a span: the last one before it begins (or the first inside), the last inside. */
export interface SpanEnds<T> {
  first: T;
  last: T;
}

/** null where fewer than two samples bound the span. Samples come in the order of their time. */
export function spanEnds<T extends { atMs: number }>(samples: readonly T[], span: Span): SpanEnds<T> | null {
  const upTo = samples.filter((sample) => sample.atMs <= span.toMs);
  const first = upTo.findLast((sample) => sample.atMs <= span.fromMs) ?? upTo[0];
  const last = upTo.at(-1);
  return first === undefined || last === undefined || first.atMs >= last.atMs ? null : { first, last };
}

function countersOf(samples: readonly Sample[], role: string): CountersSample[] {
  return samples.filter((sample): sample is CountersSample => sample.kind === "counters" && sample.role === role);
}

export function roleCpuOf(samples: readonly Sample[], role: string): RoleCpuSample[] {
  return samples.filter((sample): sample is RoleCpuSample => sample.kind === "roleCpu" && sample.role === role);
}

export function nodesOf(samples: readonly Sample[]): NodeSample[] {
  return samples.filter((sample): sample is NodeSample => sample.kind === "node");
}

/** How far a role's counters rose over a span; null where they were not sampled. */
export function counterRises(samples: readonly Sample[], role: string, span: Span): Record<string, number> | null {
  const bounds = spanEnds(countersOf(samples, role), span);
  if (bounds === null) return null;
  const { first, last } = bounds;
  return Object.fromEntries(
    Object.entries(last.values).map(([name, value]) => [name, value - (first.values[name] ?? 0)]),
  );
}

/** How far the counters of all copies of the target rose together; null where none was sampled. */
export function targetRises(samples: readonly Sample[], span: Span): Record<string, number> | null {
  const sampled = samples.flatMap((sample) => (sample.kind === "counters" ? [sample.role] : []));
  const roles = new Set(sampled.filter(isTargetRole));
  const each = [...roles].map((role) => counterRises(samples, role, span)).filter((risen) => risen !== null);
  if (each.length === 0) return null;
  const names = new Set(each.flatMap((risen) => Object.keys(risen)));
  const total = (name: string) => each.reduce((sum, risen) => sum + (risen[name] ?? 0), 0);
  return Object.fromEntries([...names].map((name) => [name, total(name)]));
}

/** Cores a role used on average over a span; null where its CPU time was not sampled. */
export function coresOf(samples: readonly Sample[], role: string, span: Span): number | null {
  const bounds = spanEnds(roleCpuOf(samples, role), span);
  return bounds === null ? null : (bounds.last.cpuMs - bounds.first.cpuMs) / (bounds.last.atMs - bounds.first.atMs);
}

/** Per-CPU rise of one of the machine's counters. */
export function rises(first: readonly number[], last: readonly number[]): number[] {
  return last.map((value, cpu) => value - (first[cpu] ?? 0));
}
