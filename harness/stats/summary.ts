import { max, mean, median, min, sampleStandardDeviation } from "simple-statistics";
import type { Value } from "../core/measures.ts";

/** Median and range of one profile's values; `censored` of `n` are lower bounds. `medianIsBound`: so that the true median may be higher. */
export interface Summary {
  median: number;
  low: number;
  high: number;
  n: number;
  censored: number;
  medianIsBound: boolean;
}

/** null for no values. Lower bounds enter as they are: the median is one too where it would rise if each of them were far higher. */
export function summarize(values: Value[]): Summary | null {
  if (values.length === 0) return null;
  const numbers = values.map(({ value }) => value);
  const censored = values.filter((value) => value.censored).length;
  const middle = median(numbers);
  const farHigher = 2 * max(numbers) + 1;
  const medianIsBound = median(values.map((one) => (one.censored ? farHigher : one.value))) > middle;
  return { median: middle, low: min(numbers), high: max(numbers), n: values.length, censored, medianIsBound };
}

/** Noise over blocks: sample standard deviation over the mean, of the measured values only; null for fewer than two or a mean of 0. */
export function coefficientOfVariation(values: Value[]): number | null {
  const measured = values.filter(({ censored }) => !censored).map(({ value }) => value);
  if (measured.length < 2) return null;
  const centre = mean(measured);
  return centre === 0 ? null : sampleStandardDeviation(measured) / Math.abs(centre);
}
