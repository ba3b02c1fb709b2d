import jStat from "jstat";
import { mean, sampleStandardDeviation } from "simple-statistics";

/** Quantile of Student's t at a probability below 1 and above 0. Welch's interval has fractional degrees of freedom, and may have one only. */
export function studentQuantile(probability: number, degrees: number): number {
  return jStat.studentt.inv(probability, degrees);
}

/** Student's interval of the mean at each confidence, in their order: near the sign-flip test's where the values are many and near normal. */
export function studentIntervals(values: number[], confidences: number[]): { low: number; high: number }[] {
  const [centre, error] = [mean(values), sampleStandardDeviation(values) / Math.sqrt(values.length)];
  return confidences.map((confidence) => {
    const reach = studentQuantile((1 + confidence) / 2, values.length - 1) * error;
    return { low: centre - reach, high: centre + reach };
  });
}

/** Two-sided p of Student's t: twice the tail beyond |t|. */
export function studentP(t: number, degrees: number): number {
  return Math.min(1, 2 * jStat.studentt.cdf(-Math.abs(t), degrees));
}
