import type { MeasureName } from "../core/measures.ts";
import type { Calibration } from "../results/run.ts";
import { minimumDetectable, reachableTolerance } from "../stats/detectable.ts";
import type { Suite } from "../suite/suite.ts";

/** What a plan can find of a measure, in 80 of 100 runs. */
export interface Findable {
  measure: MeasureName;
  /** Smallest true difference, a fraction, that is called better or worse; null where the blocks are too few for any verdict. */
  difference: number | null;
  /** Smallest tolerance within which identical profiles are called the same. */
  sameWithin: number | null;
}

/** By the noise of whose calibration; null = by what is typical. */
export interface Findables {
  calibration: string | null;
  measures: Findable[];
}

/** What is asked of a plan, and by which noise; statistics take time to load, so that a plan is given this only where it is told. */
export type FindableOf = (planned: Omit<Asked, "calibration">) => Findables | null;

interface Asked {
  suite: Pick<Suite, "design" | "judged" | "boundMs">;
  /** Beside the baseline. */
  profiles: number;
  blocks: number;
  looks: number[];
  calibration: Calibration | null;
}

/**
 * Deviation of one block's log ratio between identical profiles, with blocks of 4 to 5 s on 2 CPUs on which others worked: on a quiet machine
 * it is less. Interleaved: from the noise floors of docs/statistics.md ("20 A/A pairs"). Duet: beside one busy core (docs/benchmarks.md).
 */
const typical: Record<"duet" | "interleaved", Partial<Record<MeasureName, number>>> = {
  interleaved: { sustainedPerSecond: 0.009, "latencyMs.p50": 0.12, "latencyMs.p99": 1 },
  duet: { "latencyMs.p50": 0.02, "latencyMs.p90": 0.11, cpuMsPerRequest: 0.0125 },
};

/** null of a suite that asks for neither: nothing is known of what its trials are like. Measures of which no noise is known are left out. */
export function findableOf({ suite, profiles, blocks, looks, calibration }: Asked): Findables | null {
  if ((suite.design !== "duet" && suite.boundMs === null) || profiles === 0) return null;
  const usual = typical[suite.design === "duet" ? "duet" : "interleaved"];
  const design = { blocks, comparisons: profiles * suite.judged.length, looks: Math.max(1, looks.length) };
  const measures = suite.judged.flatMap(({ name, tolerance }): Findable[] => {
    const deviation = calibration === null ? usual[name] : calibration.measures[name]?.logRatioDeviation;
    if (deviation === undefined) return [];
    const noise = { ...design, deviation };
    return [
      {
        measure: name,
        difference: minimumDetectable({ ...noise, tolerance }),
        sameWithin: reachableTolerance(noise),
      },
    ];
  });
  return { calibration: calibration?.runId ?? null, measures };
}
