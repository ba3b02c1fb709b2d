import type * as z from "zod";
import { scriptMetricShape } from "./script-counts.ts";

export const thresholdSeriesShape = scriptMetricShape.nullable();

/** What one window holds of the points that a threshold of the script is about; null where there was none. */
export type ThresholdSeries = z.infer<typeof thresholdSeriesShape>;
