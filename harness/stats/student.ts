import { mean, probit, sampleStandardDeviation } from "simple-statistics";

/**
 * Quantile of Student's t at a probability below 1 and above 0: the normal one and its first four corrections, within 1% from 5 degrees of
 * freedom on for the probabilities used here. Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 26.7.5.
 */
export function studentQuantile(probability: number, degrees: number): number {
  const z = probit(probability);
  const corrections = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return corrections.reduce((sum, term, power) => sum + term / degrees ** (power + 1), z);
}

/** Student's interval of the mean at each confidence, in their order: near the sign-flip test's where the values are many and near normal. */
export function studentIntervals(values: number[], confidences: number[]): { low: number; high: number }[] {
  const [centre, error] = [mean(values), sampleStandardDeviation(values) / Math.sqrt(values.length)];
  return confidences.map((confidence) => {
    const reach = studentQuantile((1 + confidence) / 2, values.length - 1) * error;
    return { low: centre - reach, high: centre + reach };
  });
}

/**
 * Two-sided p of Student's t: twice the tail beyond |t|, by Simpson's rule on the density, whose integral from 0 is taken over the angle
 * atan(t / sqrt(degrees)) where it is smooth and finite: cos to the power of degrees - 1, over its whole from 0 to pi / 2.
 */
export function studentP(t: number, degrees: number): number {
  const angle = Math.atan(Math.abs(t) / Math.sqrt(degrees));
  const density = (at: number) => Math.cos(at) ** (degrees - 1);
  return Math.min(1, simpson(density, angle, Math.PI / 2) / simpson(density, 0, Math.PI / 2));
}

function simpson(f: (x: number) => number, from: number, to: number): number {
  const steps = 1000;
  const width = (to - from) / steps;
  const inner = Array.from({ length: steps - 1 }, (_, i) => (i % 2 === 0 ? 4 : 2) * f(from + (i + 1) * width));
  return (width / 3) * inner.reduce((sum, value) => sum + value, f(from) + f(to));
}
