import type { WallSummary } from "../analysis/analysis.ts";
import { formatCount } from "../core/numbers.ts";
import { formatSeconds } from "../core/units.ts";
import type { ReportInput } from "./report-input.ts";
import { assumptionWords } from "./words/assumptions.ts";
import { predictionMissWords } from "./words/prediction-miss.ts";

/** Where the arithmetic expected a profile's walls and where they were met. */
export interface WallsRow {
  profile: string;
  cliffPredicted: string;
  cliffMeasured: string;
  wallPredicted: string;
  wallMeasured: string;
  /** No wall was expected and none was met: the row says nothing. */
  isWithoutWalls: boolean;
}

/** A row for each profile, in the analysis's order. */
export function wallsRows({ analysis }: Pick<ReportInput, "analysis">): WallsRow[] {
  return analysis.walls.map((wall) => ({
    profile: wall.profile,
    cliffPredicted: predicted(wall.predictedCliffPorts, wall.predictedCliffSeconds),
    cliffMeasured: measuredCliff(wall),
    wallPredicted: predicted(wall.predictedWallPorts, wall.predictedWallSeconds),
    wallMeasured: measuredWall(wall),
    isWithoutWalls: isWithoutWalls(wall),
  }));
}

function isWithoutWalls(wall: WallSummary): boolean {
  const { predictedCliffPorts, predictedWallPorts, measuredCliffSeconds, measuredWallSeconds } = wall;
  const facts = [predictedCliffPorts, predictedWallPorts, measuredCliffSeconds, measuredWallSeconds];
  return facts.every((fact) => fact === null);
}

/** What the predictions rest on, each sentence once. */
export function predictionAssumptions({ run }: ReportInput): string[] {
  return [...new Set(run.predictions.flatMap(({ assumptions }) => assumptions.map(assumptionWords)))];
}

/** Why walls that were expected in the time did not come, a sentence for each profile. */
export function predictionMisses({ analysis }: Pick<ReportInput, "analysis">): string[] {
  return analysis.walls.flatMap(({ profile, missed }) =>
    missed === null ? [] : [`The wall that was expected with ${profile} did not come: ${predictionMissWords(missed)}.`],
  );
}

function predicted(ports: number | null, seconds: number | null): string {
  if (ports === null) return "none";
  return seconds === null ? `${formatCount(ports)} ports` : `${formatCount(ports)} ports, ${formatSeconds(seconds)}`;
}

function measuredCliff(wall: WallSummary): string {
  if (wall.measuredCliffSeconds === null) return wall.trials === 0 ? "-" : "none seen";
  return `${formatSeconds(wall.measuredCliffSeconds)}${inSome(wall.cliffSeenIn, wall.trials)}`;
}

/** Requests and seconds at the wall; where no trial broke, how far it was looked for. */
function measuredWall(wall: WallSummary): string {
  const { measuredRequestsBeforeWall: requests, measuredWallSeconds: seconds, wallSeenIn, trials } = wall;
  if (requests === null) return "-";
  if (seconds === null) return `none in ${formatCount(requests)} requests`;
  const bound = wall.requestsAreLowerBound ? ">= " : "";
  return `${bound}${formatCount(requests)} requests, ${formatSeconds(seconds)}${inSome(wallSeenIn, trials)}`;
}

function inSome(seen: number, trials: number): string {
  return seen === trials ? "" : ` (${seen} of ${trials} trials)`;
}
