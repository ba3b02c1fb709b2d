import { quantile } from "simple-statistics";
import { normals } from "./normals.ts";
import { signFlipIntervals } from "./sign-flip.ts";
import { significanceLevel } from "./significance.ts";
import { studentIntervals, studentQuantile } from "./student.ts";

/** What is asked of the noise: a design, and the deviation of one block's log ratio between identical profiles. */
export interface NoiseRequest {
  deviation: number;
  blocks: number;
  /** Size of the Holm family. */
  comparisons: number;
  looks: number;
}

/** Share of runs in which what is there is to be found. */
export const power = 0.8;

/** Runs that a design is tried with. The seed is fixed: the same record must give the same report. */
const tries = 400;

/** Up to this many blocks a try is judged by the sign-flip test itself; beyond, where both agree, by Student's interval: far faster. */
const exactBlocks = 12;

/**
 * Smallest true difference (a fraction: 0.07 = 7%) that the judgement calls better or worse in 80 of 100 runs, its
 * tolerance kept; null where the blocks are too few for any verdict. By simulation of the whole judgement with log-normal noise.
 */
export function minimumDetectable(request: NoiseRequest & { tolerance: number }): number | null {
  const { deviation } = request;
  const ends = endsOf(request);
  if (ends === null) return null;
  if (deviation === 0) return request.tolerance;
  const edge = Math.log1p(request.tolerance) / deviation;
  const needed = ends.map(({ low, familyLow }) => Math.max(edge - low, -familyLow));
  return Math.expm1(quantile(needed, power) * deviation);
}

/** Smallest tolerance within which identical profiles are called the same in 80 of 100 runs; null where the blocks are too few. */
export function reachableTolerance(request: NoiseRequest): number | null {
  const ends = endsOf(request);
  if (ends === null) return null;
  const reaches = ends.map(({ low, high }) => Math.max(-low, high));
  return Math.expm1(quantile(reaches, power) * request.deviation);
}

/** Beyond this many blocks "more blocks" is no advice any more. */
export const mostBlocks = 100;

/**
 * Fewest blocks with which 80 of 100 runs decide a true ratio of exp(logRatio): beyond the tolerance it is called better or worse,
 * within it the same. null where a hundred are too few. Every "blocks would do" of a report is this number.
 */
export function blocksThatWouldDo(request: Omit<DecisionRequest, "blocks">): number | null {
  const enough = (blocks: number) => decidedShare({ ...request, blocks }) >= power;
  if (!enough(mostBlocks)) return null;
  let [few, many] = [0, mostBlocks];
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2);
    if (enough(middle)) many = middle;
    else few = middle;
  }
  return many;
}

type DecisionRequest = NoiseRequest & { tolerance: number; logRatio: number };

function decidedShare({ deviation, tolerance, logRatio, ...design }: DecisionRequest): number {
  const ends = endsOf({ deviation, ...design });
  if (ends === null) return 0;
  const [edge, centre] = [Math.log1p(tolerance), Math.abs(logRatio)];
  const decided = ends.filter(({ low, high, familyLow }) => {
    const [from, to] = [centre + deviation * low, centre + deviation * high];
    const same = from >= -edge && to <= edge;
    return same || (from > edge && centre + deviation * familyLow > 0);
  });
  return decided.length / ends.length;
}

/** How well a deviation is known, from how many values of what it is a deviation of. */
export interface KnownDeviation {
  deviation: number;
  /** Degrees of freedom: with few of them the deviation itself is uncertain, and luck looks larger. */
  degrees: number;
}

/** 95 of 100 runs of two identical profiles show a ratio closer to 1 than this fraction. */
export function noiseFloor({ deviation, degrees }: KnownDeviation, blocks: number): number {
  return Math.expm1((studentQuantile(1 - significanceLevel / 2, degrees) * deviation) / Math.sqrt(blocks));
}

/** Interval's ends of a try without any difference, in deviations; `familyLow` is that of the interval that is adjusted for all comparisons. */
interface Ends {
  low: number;
  high: number;
  familyLow: number;
}

/** Tries by design: they do not depend on the noise, and a report asks for the same ones many times. */
const known = new Map<string, Ends[] | null>();

function endsOf({ blocks, comparisons, looks }: NoiseRequest): Ends[] | null {
  const key = [blocks, comparisons, looks].join(" ");
  const ends = known.get(key) ?? simulate(blocks, Math.max(1, comparisons), looks);
  known.set(key, ends);
  return ends;
}

function simulate(blocks: number, comparisons: number, looks: number): Ends[] | null {
  const next = normals(20261121);
  const level = significanceLevel / looks;
  const intervals = blocks <= exactBlocks ? signFlipIntervals : studentIntervals;
  const all: Ends[] = [];
  for (let run = 0; run < tries; run += 1) {
    const values = Array.from({ length: blocks }, next);
    const [plain, family] = intervals(values, [1 - level, 1 - level / comparisons]);
    if (plain == null || family == null) return null;
    all.push({ ...plain, familyLow: family.low });
  }
  return all;
}
