import * as z from "zod";
import { isMeasureName, judgedByDefault, type MeasureName, measureNames, measureOf } from "../core/measures.ts";
import { durationPattern, parseDurationMs } from "../core/units.ts";
import type { JudgedMeasure } from "../results/run.ts";
import { atKey, form, quantity, ratio, refuse } from "./schema-forms.ts";
import { measureKey } from "./schema-goals.ts";

/** Schema of what profiles are compared on. */

const judged = form("{} or a map with tolerance and direction", {
  tolerance: ratio.optional().describe("Below it a difference counts as same. Default: compare.tolerance."),
  direction: z
    .enum(["higher", "lower"], { error: "higher or lower" })
    .optional()
    .describe("Which way is better. Each measure has a default."),
});

/** Shorter, and there is no room for the blocks that any verdict needs. */
const bound = quantity("a time with its unit, 1m or more, such as 10m", durationPattern, (written) => {
  const ms = parseDurationMs(written);
  return ms !== null && ms >= 60_000 ? ms : null;
});

/** What a machine shared with strangers can tell: p99 is shown, outcomes and goals are asked in any case. */
export const hostedMeasures: readonly MeasureName[] = ["sustainedPerSecond", "latencyMs.p50"];

const hostedMs = 600_000;

/** `judged` is null where the suite leaves it to its kind of load. */
export const compare = form("a map with tolerance, measures, preset or within", {
  tolerance: ratio.prefault("5%").describe("Below it a difference counts as same."),
  measures: z
    .record(measureKey(measureNames), judged, { error: "a map of measures: latencyMs.p99: {tolerance: 10%}" })
    .refine((measures) => Object.keys(measures).length > 0, atKey("this is empty; name a measure, or leave it out"))
    .optional()
    .meta({
      description: `What profiles are compared on, in place of the default: ${judgedByDefault.join(", ")}.`,
      minProperties: 1,
      propertyNames: { enum: measureNames },
    }),
  preset: z
    .literal("hosted", { error: "hosted" })
    .optional()
    .describe(
      `hosted: for a machine shared with strangers, such as a CI's runner. Judged are ${hostedMeasures.join(" and ")}, with outcomes and goals as ever; p99 is shown; no more blocks are planned than fit into \`within\`.`,
    ),
  within: bound.optional().describe("How long a run of the preset may take, at most. Default: 10m."),
})
  .superRefine(({ preset, within }, context) => {
    if (within !== undefined && preset === undefined)
      refuse(context, ["within"], "this bounds a run of preset: hosted; give that, or leave this out", "key");
  })
  .transform(({ tolerance, measures, preset = null, within = hostedMs }) => ({
    tolerance,
    preset,
    /** null = the suite's blocks are not bounded. */
    boundMs: preset === null ? null : within,
    judged:
      measures === undefined ? null : Object.entries(measures).flatMap(([name, own]) => judgedOf(name, own, tolerance)),
  }))
  .describe("What is judged, and the band of same.");

/** @param tolerance of the suite; a measure may have its own */
export function judgedOf(name: string, own: z.output<typeof judged>, tolerance: number): JudgedMeasure[] {
  if (!isMeasureName(name)) return [];
  return [{ name, direction: own.direction ?? measureOf(name).better, tolerance: own.tolerance ?? tolerance }];
}

/** Measures that two arms of one load can be compared on: what either takes of it is equal by construction. */
export function isOfDuets(name: MeasureName): boolean {
  return measureOf(name).family === "latency" || name === "faultRatio" || name === "cpuMsPerRequest";
}

/** The band of each follows from the suite's: both arms meet the same noise, which shows in a median least and in p90 most. */
const shareOfTolerance = { "latencyMs.p50": 0.5, "latencyMs.p90": 3, faultRatio: 1, cpuMsPerRequest: 1 } as const;

/** What a duet is judged on unless the suite says it. */
export function duetJudged(tolerance: number): JudgedMeasure[] {
  return Object.entries(shareOfTolerance).flatMap(([name, share]) =>
    judgedOf(name, { tolerance: Math.min(0.99, share * tolerance) }, tolerance),
  );
}
