import { type MeasureName, measureOf } from "../core/measures.ts";
import { formatCount } from "../core/numbers.ts";
import { formatChosen, formatPercent } from "../core/units.ts";
import { counted, listWords } from "../core/words.ts";
import type { Doubt } from "../results/trial.ts";
import type { Profile, Suite } from "../suite/suite.ts";
import { suiteFor } from "../suite/suite-for.ts";
import { calmConditions, leastMeasuredMs, measuredLoad } from "./measured-load.ts";

interface Compared {
  suite: Suite;
  profiles: Profile[];
}

/** Judged measures that this load gives no value or no verdict for, however many blocks there are. */
export function measureDoubts(compared: Compared): Doubt[] {
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

function neverCalm({ suite }: Compared): Doubt[] {
  const names = namesOf(suite, (name) => measureOf(name).inConditions);
  if (suite.conditions.length === 0 || calmConditions(suite.conditions).length > 0 || names.length === 0) return [];
  const message = `${listWords(names)} can't be compared: a trial has ${names.length === 1 ? "it" : "them"} from its conditions without actions (up to a part that is killed for good), and there is none; give one`;
  return [{ code: "no-calm-condition", message }];
}

function burstsWithoutRate({ suite, profiles }: Compared): Doubt[] {
  const bursts = profiles.filter((profile) => suiteFor(suite, profile).load.rate.repeats);
  if (bursts.length === 0 || namesOf(suite, (name) => name === "sustainedPerSecond").length === 0) return [];
  const message = `sustainedPerSecond can't be compared: a load in bursts has no sustained rate${whose(bursts, profiles)}; name other measures under compare.measures`;
  return [{ code: "bursts-without-rate", message }];
}

function rampNotOver({ suite, profiles }: Compared): Doubt[] {
  const names = namesOf(suite, (name) => name === "sustainedPerSecond" || isLatency(name));
  const short = profiles.filter((profile) => measuredLoad(suite, profile).ms < leastMeasuredMs);
  if (suite.conditions.length > 0 || names.length === 0 || short.length === 0) return [];
  const message = `${listWords(names)} can't be compared: the load ends less than ${formatChosen(leastMeasuredMs / 1000, "s")} after its ramp, and nothing is measured in it${whose(short, profiles)}`;
  return [{ code: "ramp-not-over", message }];
}

/** A quantile of so few requests gets no verdict (block-pairs.ts). */
function tooFewRequests({ suite, profiles }: Compared): Doubt[] {
  const loads = profiles.map((profile) => measuredLoad(suite, profile)).filter(({ ms }) => ms > 0);
  const fewest = Math.floor(Math.min(...loads.map(({ requests }) => requests)));
  return namesOf(suite, isLatency).flatMap((name) => {
    const needed = measureOf(name).minRequests;
    if (fewest >= needed) return [];
    const message = `${name} can't be compared: a trial has ${counted(fewest, "request")} at most to measure it on, and ${formatCount(needed)} would do; load longer, or compare a lower percentile`;
    return [{ code: "too-few-requests", message }];
  });
}

/**
 * Width of a histogram's bucket where latencies spread over some five doublings (160 buckets, as OpenTelemetry's SDKs export):
 * wider spreads have wider buckets.
 */
const bucketWidth = 2 ** (1 / 32) - 1;

function finerThanBuckets({ suite }: Compared): Doubt[] {
  const fine = suite.judged.filter(({ name, tolerance }) => measureOf(name).fromBuckets && tolerance < bucketWidth);
  return fine.map(({ name, tolerance }) => {
    const message = `${name} is read from buckets that are some ${formatPercent(bucketWidth)} wide: a tolerance of ${formatChosen(tolerance, "fraction")} is finer than what can be told apart`;
    return { code: "finer-than-buckets", message };
  });
}

/** " (a, b)", where it is not all of them. */
function whose(some: Profile[], all: Profile[]): string {
  return some.length === all.length ? "" : ` (${some.map(({ name }) => name).join(", ")})`;
}
