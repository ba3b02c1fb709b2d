import { type MeasureName, measureOf } from "../core/measures.ts";
import type { Caveat } from "../results/caveats.ts";
import { type Profile, type Suite, suiteFor } from "../suite/suite.ts";
import { calmConditions, leastMeasuredMs, measuredLoad } from "./measured-load.ts";

interface Compared {
  suite: Suite;
  profiles: Profile[];
}

/** Judged measures that this load gives no value or no verdict for, however many blocks there are. */
export function measureCaveats(compared: Compared): Caveat[] {
  if (compared.profiles.length < 2) return [];
  return [
    ...neverCalm(compared),
    ...burstsWithoutRate(compared),
    ...rampNotOver(compared),
    ...tooFewRequests(compared),
    ...finerThanBuckets(compared),
  ];
}

function namesOf({ judged }: Suite, wanted: (name: MeasureName) => boolean): MeasureName[] {
  return judged.map(({ name }) => name).filter(wanted);
}

function isLatency(name: MeasureName): boolean {
  return measureOf(name).family === "latency";
}

function neverCalm({ suite }: Compared): Caveat[] {
  const names = namesOf(suite, (name) => measureOf(name).inConditions);
  if (
    suite.experiment.kind !== "conditions" ||
    calmConditions(suite.experiment.conditions).length > 0 ||
    names.length === 0
  )
    return [];
  return [{ code: "no-calm-condition", measures: names }];
}

function burstsWithoutRate({ suite, profiles }: Compared): Caveat[] {
  const bursts = profiles.filter((profile) => suiteFor(suite, profile).load.rate.repeats);
  if (bursts.length === 0 || namesOf(suite, (name) => name === "sustainedPerSecond").length === 0) return [];
  return [{ code: "bursts-without-rate", profiles: unlessAll(bursts, profiles) }];
}

function rampNotOver({ suite, profiles }: Compared): Caveat[] {
  const names = namesOf(suite, (name) => name === "sustainedPerSecond" || isLatency(name));
  const short = profiles.filter((profile) => measuredLoad(suite, profile).ms < leastMeasuredMs);
  if (suite.experiment.kind === "conditions" || names.length === 0 || short.length === 0) return [];
  const neededSeconds = leastMeasuredMs / 1000;
  return [{ code: "load-ends-with-ramp", measures: names, neededSeconds, profiles: unlessAll(short, profiles) }];
}

/** A quantile of so few requests gets no verdict (block-pairs.ts). */
function tooFewRequests({ suite, profiles }: Compared): Caveat[] {
  const loads = profiles.map((profile) => measuredLoad(suite, profile)).filter(({ ms }) => ms > 0);
  const fewest = Math.floor(Math.min(...loads.map(({ requests }) => requests)));
  return namesOf(suite, isLatency).flatMap((measure): Caveat[] => {
    const neededRequests = measureOf(measure).minRequests;
    return fewest >= neededRequests ? [] : [{ code: "too-few-requests", measure, requests: fewest, neededRequests }];
  });
}

/**
 * Width of a histogram's bucket where latencies spread over some five doublings (160 buckets, as OpenTelemetry's SDKs export):
 * wider spreads have wider buckets.
 */
const bucketWidth = 2 ** (1 / 32) - 1;

function finerThanBuckets({ suite }: Compared): Caveat[] {
  const fine = suite.judged.filter(({ name, tolerance }) => measureOf(name).fromBuckets && tolerance < bucketWidth);
  return fine.map(({ name, tolerance }) => {
    return { code: "finer-than-buckets", measure: name, resolutionRatio: bucketWidth, tolerance };
  });
}

/** Names; null where it is all of them. */
function unlessAll(some: Profile[], all: Profile[]): string[] | null {
  return some.length === all.length ? null : some.map(({ name }) => name);
}
