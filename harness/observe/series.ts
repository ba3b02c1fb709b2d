import type { LiveSample } from "../results/live-samples.ts";
import type { Point } from "./forecast.ts";

/** A sample of a kind. */
export type LiveSampleOf<Kind extends LiveSample["kind"]> = Extract<LiveSample, { kind: Kind }>;

export function samplesOf<Kind extends LiveSample["kind"]>(
  samples: readonly LiveSample[],
  kind: Kind,
): LiveSampleOf<Kind>[] {
  return samples.filter((sample): sample is LiveSampleOf<Kind> => sample.kind === kind);
}

/** Samples from a moment on, and of each kind the newest before it: what deltas begin with. */
export function newestFrom(samples: readonly LiveSample[], fromMs: number): LiveSample[] {
  const before = new Map(samples.filter(({ atMs }) => atMs < fromMs).map((sample) => [sample.kind, sample]));
  return samples.filter((sample) => sample.atMs >= fromMs || before.get(sample.kind) === sample);
}

/** What a sample has of a value, over time; looks that did not see it are left out. */
export function pointsOf<S extends { atMs: number }>(
  samples: readonly S[],
  value: (sample: S) => number | null,
): Point[] {
  return samples.flatMap((sample) => {
    const seen = value(sample);
    return seen === null ? [] : [{ atMs: sample.atMs, value: seen }];
  });
}

/** Rise of a counter a second between the first and the last look; null with one look, or where it was not seen. */
export function perSecondOf(points: readonly Point[]): number | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
  return ((last.value - first.value) * 1000) / (last.atMs - first.atMs);
}
