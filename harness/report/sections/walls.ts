import type { WallSummary } from "../../analysis/analysis.ts";
import { formatCount, formatDecimal } from "../../core/numbers.ts";
import { formatRate, formatSeconds } from "../../core/units.ts";
import { detail, muted, paragraph, type Section, type Text } from "../blocks.ts";
import type { ReportInput } from "../report-input.ts";
import { assumptionWords } from "../words/assumptions.ts";
import { predictionMissWords } from "../words/prediction-miss.ts";
import { profilePiece } from "./pieces.ts";

/** Where the arithmetic expected each profile's walls and where they were met; null where none was expected and none was met, and of a duet. */
export function wallsSection(input: ReportInput): Section | null {
  const { walls } = input.analysis;
  if (input.run.experiment.kind === "search" || input.run.design === "duet" || walls.every(isWithoutWalls)) return null;
  const assumptions = predictionAssumptions(input);
  const basis = assumptions.length === 0 ? [] : [muted(`The prediction assumes: ${assumptions.join("; ")}.`)];
  return {
    id: "walls",
    title: "Walls",
    reach: "everywhere",
    blocks: [
      {
        kind: "table",
        caption: "Predicted and measured",
        columns: [{ title: "profile" }, { title: "wall" }, { title: "predicted", drop: 1 }, { title: "measured" }],
        rows: walls.flatMap((wall) => wallRows(wall, input)),
        notes: ["The scan cliff is expected at half the usable ports, the hard wall at all of them."],
      },
      ...predictionMisses(input).map(paragraph),
      ...measuredIteration(input).map(paragraph),
      ...basis,
    ],
  };
}

function isWithoutWalls(wall: WallSummary): boolean {
  const { predictedCliffPorts, predictedWallPorts, measuredCliffSeconds, measuredWallSeconds } = wall;
  const facts = [predictedCliffPorts, predictedWallPorts, measuredCliffSeconds, measuredWallSeconds];
  return facts.every((fact) => fact === null);
}

function wallRows(wall: WallSummary, { run, analysis }: ReportInput): Text[][] {
  const name = profilePiece(analysis, wall.profile);
  const prediction = run.predictions.find(({ profile }) => profile === wall.profile);
  const fake = prediction?.bucketsBelowPorts === true ? "TIME_WAIT buckets end before the ports: a fake win" : null;
  const cliff = predicted(wall.predictedCliffPorts, wall.predictedCliffSeconds);
  return [
    [name, "scan cliff", cliff, measuredCliff(wall)],
    [
      name,
      "hard wall",
      [predicted(wall.predictedWallPorts, wall.predictedWallSeconds), ...detail(fake)],
      measuredWall(wall),
    ],
    ...(prediction === undefined
      ? []
      : [[name, "sustains", `${formatRate(prediction.sustainablePerSecond)} to one destination`, ""]]),
  ];
}

/** What an iteration came to, where the prediction took another number of connections for it. */
function measuredIteration({ run, trials }: ReportInput): string[] {
  const measured = trials.find(
    ({ valid, profile, perIteration }) => valid && profile === run.baseline && perIteration !== null,
  );
  const { requests = 0, connections = null } = measured?.perIteration ?? {};
  const assumed = run.predictions
    .flatMap(({ assumptions }) => assumptions)
    .flatMap((one) =>
      one.code === "measured-connections" ? [one.perIteration] : one.code === "connection-per-request" ? [1] : [],
    )[0];
  if (
    connections === null ||
    assumed === undefined ||
    connections <= leastSeen ||
    Math.abs(connections / assumed - 1) < 0.25
  )
    return [];
  return [
    `An iteration of the script sent ${formatDecimal(requests)} ${requests === 1 ? "request" : "requests"} and opened ${formatDecimal(connections)} connections of the target here; ${formatDecimal(assumed)} ${assumed === 1 ? "was" : "were"} expected. The next plan takes what was measured.`,
  ];
}

/** Kept connections are told in another sentence. */
const leastSeen = 0.1;

/** What the predictions rest on, each sentence once. */
function predictionAssumptions({ run }: ReportInput): string[] {
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
