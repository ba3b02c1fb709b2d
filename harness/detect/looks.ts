import type { Span } from "./deltas.ts";
import type { TrialInput } from "./trial-input.ts";

/** Samples of a span. */
export function inside({ samples }: TrialInput, { fromMs, toMs }: Span): TrialInput["samples"] {
  return samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
}

/** What the suite calls a destination; null where that is none of its parts. */
export function nameOf({ roles }: TrialInput, { address, port }: { address: string; port: number }): string | null {
  const parts = { ...roles.upstreams, target: roles.target };
  const found = Object.entries(parts).find(([, part]) => part.address === address && part.port === port);
  return found?.[0] ?? null;
}
