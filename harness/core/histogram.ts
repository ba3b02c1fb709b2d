import type { Histogram } from "../results/histogram.ts";

/**
 * Base-2 exponential histograms as OpenTelemetry defines them: bucket i holds values in
 * (base^i, base^(i+1)] with base = 2^(2^-scale). They merge exactly (after scaling down to the coarser
 * of two scales), so percentiles are read from merged histograms and never averaged.
 * Source: OpenTelemetry metrics data model, "ExponentialHistogram".
 */

/**
 * Buckets a merged histogram may span before it is scaled down; 1280 keep 1% wide buckets over a millionfold range: as fine as a duet's
 * latencies are taken (scenarios/lib/duet.ts).
 */
const maxBuckets = 1280;

/**
 * Both distributions in one. Exact: every count keeps its bucket, or the coarser one that encloses it. The result
 * depends on what is merged only, not on the order.
 */
export function mergeHistograms(a: Histogram, b: Histogram): Histogram {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const scale = commonScale(a, b);
  return {
    scale,
    ...addBuckets(bucketsAt(a, scale), bucketsAt(b, scale)),
    zeroCount: a.zeroCount + b.zeroCount,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

/**
 * Value below which the share q (0 to 1) of the values lies, in the values' unit: exact at 0 and 1, elsewhere
 * interpolated along the bucket's own exponential, so within `bucketWidthRatio` of the true value.
 * Throws RangeError where q is outside 0 to 1 or the histogram is empty.
 */
export function quantile(histogram: Histogram, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`quantile ${q} is not between 0 and 1`);
  if (histogram.count === 0) throw new RangeError("an empty histogram has no quantiles");
  if (q === 0) return histogram.min;
  const { scale, offset, counts, zeroCount, count, min, max } = histogram;
  const clamp = (value: number) => Math.min(max, Math.max(min, value));
  const rank = q * count;
  let below = zeroCount;
  if (rank <= below) return clamp(0);
  for (const [position, inBucket] of counts.entries()) {
    if (inBucket > 0 && rank <= below + inBucket) {
      return clamp(2 ** ((offset + position + (rank - below) / inBucket) * 2 ** -scale));
    }
    below += inBucket;
  }
  return max;
}

/** Width of a bucket over its lower bound: 0.09 = percentiles are known to 9%. */
export function bucketWidthRatio(histogram: Histogram): number {
  return 2 ** (2 ** -histogram.scale) - 1;
}

type Buckets = Pick<Histogram, "offset" | "counts">;

/** The finest scale not above either one's at which the buckets of both fit. */
function commonScale(a: Histogram, b: Histogram): number {
  const spans = [a, b].flatMap((histogram) => spanOf(histogram) ?? []);
  let scale = Math.min(a.scale, b.scale);
  const indexAt = (span: { scale: number }, index: number) => index >> (span.scale - scale);
  while (spans.length > 0) {
    const low = Math.min(...spans.map((span) => indexAt(span, span.low)));
    const high = Math.max(...spans.map((span) => indexAt(span, span.high)));
    if (high - low < maxBuckets) break;
    scale -= 1;
  }
  return scale;
}

/** Indexes of the first and last bucket that hold anything. */
function spanOf(histogram: Histogram): { scale: number; low: number; high: number } | null {
  const first = histogram.counts.findIndex((count) => count > 0);
  if (first < 0) return null;
  const last = histogram.counts.findLastIndex((count) => count > 0);
  return { scale: histogram.scale, low: histogram.offset + first, high: histogram.offset + last };
}

/** The occupied buckets at a coarser scale: each step halves an index, rounding down. */
function bucketsAt(histogram: Histogram, scale: number): Buckets {
  const span = spanOf(histogram);
  if (span === null) return { offset: 0, counts: [] };
  const shift = histogram.scale - scale;
  const offset = span.low >> shift;
  const counts = new Array<number>((span.high >> shift) - offset + 1).fill(0);
  for (const [position, count] of histogram.counts.entries()) {
    if (count > 0) add(counts, ((histogram.offset + position) >> shift) - offset, count);
  }
  return { offset, counts };
}

function addBuckets(a: Buckets, b: Buckets): Buckets {
  if (a.counts.length === 0) return b;
  if (b.counts.length === 0) return a;
  const offset = Math.min(a.offset, b.offset);
  const end = Math.max(a.offset + a.counts.length, b.offset + b.counts.length);
  const counts = new Array<number>(end - offset).fill(0);
  for (const part of [a, b]) {
    for (const [position, count] of part.counts.entries()) add(counts, part.offset + position - offset, count);
  }
  return { offset, counts };
}

function add(counts: number[], position: number, count: number): void {
  counts[position] = (counts[position] ?? 0) + count;
}
