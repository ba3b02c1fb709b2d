import { median } from "simple-statistics";
import type { PredictedWalls } from "../results/prediction.ts";
import type { TrialRecord } from "../results/trial.ts";
import { lastedSeconds } from "./kept-up.ts";
import type { PredictionMiss } from "./reason.ts";

/** TIME_WAITs of another part over the target's, from which that part is who closes. */
const closesFirst = 10;
const leastTimeWaits = 100;
/** With fewer connections for each request the target keeps them open. */
const connectionsPerRequest = 0.5;

/** Why a wall that was expected within the time of these trials came in none of them; null where it came, was not expected, or nothing tells. */
export function predictionMiss(predicted: PredictedWalls | undefined, trials: TrialRecord[]): PredictionMiss | null {
  const { wallPorts = null, wallSeconds = null } = predicted ?? {};
  const expected = wallSeconds !== null && trials.some((trial) => lastedSeconds(trial) > wallSeconds);
  if (wallPorts === null || !expected || trials.some(({ outcome }) => outcome === "broke")) return null;
  return otherSideCloses(trials) ?? connectionsKept(trials) ?? servedTooFew(trials, wallPorts);
}

function otherSideCloses(trials: TrialRecord[]): PredictionMiss | null {
  const peaks = trials.flatMap(({ evidence: { timeWaits } }) =>
    Object.entries(timeWaits).flatMap(([role, timeWait]) => {
      const own = timeWaits.target ?? 0;
      const isOther = role !== "target" && role !== "generator";
      return isOther && timeWait >= Math.max(leastTimeWaits, closesFirst * own) ? [{ role, timeWait }] : [];
    }),
  );
  const most = peaks.toSorted((a, b) => b.timeWait - a.timeWait)[0];
  return most === undefined ? null : { code: "other-side-closes", ...most };
}

function connectionsKept(trials: TrialRecord[]): PredictionMiss | null {
  const known = trials.flatMap(({ measures: { connectionsPerSecond: opened, sustainedPerSecond: served } }) =>
    opened === null || served === null ? [] : [{ opened, served }],
  );
  const kept = known.length > 0 && known.every(({ opened, served }) => opened < connectionsPerRequest * served);
  return kept ? { code: "connections-kept", connectionsPerSecond: median(known.map(({ opened }) => opened)) } : null;
}

function servedTooFew(trials: TrialRecord[], ports: number): PredictionMiss | null {
  const requests = median(trials.map(({ successes }) => successes));
  return requests < ports ? { code: "served-too-few", requests, ports } : null;
}
