/**
 * Two-level screening designs in as many runs as there are columns and one: every column is balanced, and balanced within each level of
 * every other. Source: R. L. Plackett and J. P. Burman, "The design of optimum multifactorial experiments", Biometrika 33 (1946).
 */

/** First rows, from which the others come by turning; the last row of a design is low throughout. */
const firstRows: Record<number, string> = {
  12: "++-+++---+-",
  20: "++--++++-+-+----++-",
  24: "+++++-+-++--++--+-+----",
};

/** Most factors of a design: at least three columns stay dummies, since they alone show the noise. */
const mostFactors: readonly (readonly [runs: number, factors: number])[] = [
  [12, 8],
  [20, 16],
  [24, 20],
];

/** Factors of the largest design. */
export const mostScreened = 20;

/** A design's rows: one level (true: high) for each column, of which the first are the factors' and the others dummies. */
export type Design = readonly (readonly boolean[])[];

/** Runs of the smallest design for so many factors, without its fold-over; null where there is none. */
export function runsFor(factors: number): number | null {
  return mostFactors.find(([, most]) => factors <= most)?.[0] ?? null;
}

/** The design with that many runs (12, 20 or 24). Its fold-over is the same with every level turned round. */
export function plackettBurman(runs: number): Design {
  const first = firstRows[runs];
  if (first === undefined) throw new Error(`no design has ${runs} runs`);
  const row = [...first].map((sign) => sign === "+");
  const turned = row.map((_, by) => row.map((_, column) => row[(column - by + row.length) % row.length] === true));
  return [...turned, row.map(() => false)];
}

/** The design with its fold-over, each row before its mirror: the first is low throughout, the second high. */
export function foldedRuns(runs: number): Design {
  return plackettBurman(runs)
    .toReversed()
    .flatMap((row) => [row, mirrored(row)]);
}

/** A row with every level turned round. */
export function mirrored(row: readonly boolean[]): boolean[] {
  return row.map((high) => !high);
}
