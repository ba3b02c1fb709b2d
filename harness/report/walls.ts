import type { ProfileAnalysis } from "../analysis/analysis.ts";
import type { PredictedWalls } from "../results/run.ts";
import { formatCount, formatSeconds } from "./formats.ts";
import { formatSummary, medianIsBound } from "./measures.ts";
import type { ReportInput } from "./report-input.ts";

/** Where the arithmetic expected a profile's walls and where they were met. */
export interface WallsRow {
  profile: string;
  cliffPredicted: string;
  cliffMeasured: string;
  wallPredicted: string;
  wallMeasured: string;
}

/** A row for each profile, in the analysis's order. */
export function wallsRows({ run, analysis }: ReportInput): WallsRow[] {
  return analysis.profiles.map((profile) => {
    const predicted = run.predictions.find((prediction) => prediction.profile === profile.name);
    return {
      profile: profile.name,
      cliffPredicted: predictedCliff(predicted),
      cliffMeasured: measuredCliff(profile),
      wallPredicted: predictedWall(predicted),
      wallMeasured: measuredWall(profile),
    };
  });
}

/** What the predictions rest on, each sentence once. */
export function predictionAssumptions({ run }: ReportInput): string[] {
  return [...new Set(run.predictions.flatMap((prediction) => prediction.assumptions))];
}

function predictedCliff(predicted: PredictedWalls | undefined): string {
  if (predicted === undefined) return "-";
  return predicted.cliffPorts === null ? "none" : at(formatCount(predicted.cliffPorts), predicted.cliffSeconds);
}

function predictedWall(predicted: PredictedWalls | undefined): string {
  if (predicted === undefined) return "-";
  return predicted.wallPorts === null ? "none" : at(formatCount(predicted.wallPorts), predicted.wallSeconds);
}

function at(ports: string, seconds: number | null): string {
  return seconds === null ? `${ports} ports` : `${ports} ports, ${formatSeconds(seconds)}`;
}

function measuredCliff(profile: ProfileAnalysis): string {
  const cliff = profile.measures.scanCliffSeconds;
  return cliff === undefined ? "none seen" : formatSummary("scanCliffSeconds", cliff);
}

/** Requests and seconds at the wall; where no trial broke, how far it was looked for. */
function measuredWall(profile: ProfileAnalysis): string {
  const { requestsBeforeWall: requests, timeToWallSeconds: seconds } = profile.measures;
  if (requests === undefined) return "-";
  if (profile.broke === 0 || medianIsBound(requests)) return `none in ${formatCount(requests.median)} requests`;
  const time = seconds === undefined ? "" : `, ${formatSummary("timeToWallSeconds", seconds)}`;
  return `${formatSummary("requestsBeforeWall", requests)} requests${time}`;
}
