import * as z from "zod";
import { histogramShape } from "./histogram.ts";

export const thresholdSeriesShape = z.object({
  /** Of a rate the points that were true, of a counter what it counted; 0 of a trend. */
  hits: z.number(),
  /** Of a rate all points; of a counter as `hits`. */
  points: z.number(),
  /** Of a trend, ms; null of any other, and where there was no point. */
  histogramMs: histogramShape.nullable(),
});

/** What one window holds of the points that a threshold of the script is about. */
export type ThresholdSeries = z.infer<typeof thresholdSeriesShape>;
