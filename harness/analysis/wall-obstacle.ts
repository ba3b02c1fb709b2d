import { median } from "simple-statistics";
import { peaksOf } from "../diagnose/port-use.ts";
import { isDisturbed } from "../results/disturbance.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { RatioRange } from "./analysis.ts";
import { leastFaultShare } from "./block-pairs.ts";
import type { WallObstacle } from "./reason.ts";
import type { TrialSet } from "./trial-sets.ts";

const windowSeconds = 0.5;
/** Two windows: a wall that comes sooner is met before the load is steady, and how much was served until then is chance. */
const earliestWallSeconds = 2 * windowSeconds;
/**
 * A fault is found in whole windows, by its share of each: two trials of the same wall may place it two windows apart. Ports are counted, and
 * tell a wall more exactly.
 */
const nearSeconds = 2 * windowSeconds;
/** Served before a wall, below which a ratio is one of chance. */
const leastServed = 100;
/** A port is free again after so long (TIME_WAIT): a trial that lasts longer gets the more out of its ports the slower it is. */
const timeWaitSeconds = 60;
/** With tcp_tw_reuse half of the ports are in use at most: where clearly more are, the wall is on its way and not gone. */
const nearlyFullShare = 0.75;

/** Where nobody knows what others used of the CPUs, one arm keeps up with more by luck now and then, and seldom in so many blocks. */
const agreeingBlocks = 3;

/** Whether a trial broke before anything was steady, or after a handful of requests. */
export function metWallAtOnce({ outcome, measures }: TrialRecord): boolean {
  const early = (measures.timeToWallSeconds ?? 0) < earliestWallSeconds;
  return outcome === "broke" && (early || (measures.requestsBeforeWall ?? 0) < leastServed);
}

/** Two arms whose walls are compared without statistics. */
export interface WallArms {
  baseline: TrialSet;
  set: TrialSet;
  /** Requests before the wall, profile over baseline; null where no block gives one. */
  ratio: RatioRange | null;
  tolerance: number;
}

/**
 * Why it can't be told what a profile does to a wall; null where it can. Walls speak without statistics only where nobody
 * else disturbed a trial of either arm, the part did not crash in both, and what differs is not merely how fast the machine was: the
 * same ports are met as a fault by one trial, by a slower one only as the scan cliff, and by one that is slower still not at all.
 */
export function wallObstacle(arms: WallArms): WallObstacle | null {
  return (
    disturbedReason(arms) ??
    crashReason(arms) ??
    saturatedReason(arms) ??
    fewReason(arms) ??
    paceReason(arms) ??
    nearReason(arms) ??
    kindsReason(arms) ??
    goneReason(arms) ??
    unmeasuredReason(arms)
  );
}

/** Whether others disturbed a trial of either arm. */
function disturbedReason({ baseline, set }: Pick<WallArms, "baseline" | "set">): WallObstacle | null {
  const arms = [baseline, set].filter(({ measured }) => [...measured.values()].some(isDisturbed));
  if (arms.length === 0) return null;
  return { code: "disturbed", profiles: arms.map(({ profile }) => profile) };
}

function crashReason({ baseline, set }: WallArms): WallObstacle | null {
  const crashed = (arm: TrialSet) => trialsOf(arm).some(({ fault }) => fault?.kind === "target-died");
  return crashed(baseline) && crashed(set) ? { code: "target-died-in-both" } : null;
}

/** Whoever does not keep up has met a limit in its own way: only a service that keeps up with more, or fails no more, is told from that. */
function saturatedReason({ baseline, set }: WallArms): WallObstacle | null {
  const [before, after] = [outcomeOf(baseline), outcomeOf(set)];
  if (before === "saturated" && (after === "broke" || after === "degraded")) {
    return { code: "ended-otherwise", worse: after, milder: "saturated" };
  }
  if (before === "degraded" && after === "saturated" && portsAtWall(baseline) === null) {
    return { code: "ended-otherwise", worse: "degraded", milder: "saturated" };
  }
  return null;
}

/** A ratio of two faults needs some requests before each. */
function fewReason({ baseline, set }: WallArms): WallObstacle | null {
  if (!all(baseline, "broke") || !all(set, "broke")) return null;
  const trials = [...trialsOf(baseline), ...trialsOf(set)];
  const early = trials.find(({ measures }) => (measures.timeToWallSeconds ?? 0) < earliestWallSeconds);
  if (early !== undefined) return { code: "broke-at-once", profile: early.profile };
  const few = trials.find(({ measures }) => (measures.requestsBeforeWall ?? 0) < leastServed);
  return few === undefined
    ? null
    : { code: "few-requests", profile: few.profile, requests: few.measures.requestsBeforeWall ?? 0 };
}

/** The same ports were the wall of both: then only what does not depend on the pace tells them apart. */
function paceReason({ baseline, set, ratio, tolerance }: WallArms): WallObstacle | null {
  const [before, after] = [portsAtWall(baseline), portsAtWall(set)];
  if (before === null || after === null || !isSame(after / before, tolerance)) return null;
  const late = [...trialsOf(baseline), ...trialsOf(set)].some(lastedLong);
  const bothBroke = all(baseline, "broke") && all(set, "broke");
  const level = bothBroke ? (ratio?.ratio ?? 1) : cliffRatio(baseline, set);
  if (level !== null && isSame(level, tolerance)) return null;
  if (bothBroke && !late) return null;
  return { code: "same-ports", ports: before };
}

/** Both broke at about the same time, by what is not counted: how many requests came before it is chance. */
function nearReason({ baseline, set, ratio, tolerance }: WallArms): WallObstacle | null {
  if (!all(baseline, "broke") || !all(set, "broke")) return null;
  if (portsAtWall(baseline) !== null && portsAtWall(set) !== null) return null;
  if (ratio?.ratio == null || isSame(ratio.ratio, tolerance)) return null;
  const [before, after] = [wallSecondsOf(baseline), wallSecondsOf(set)];
  const near = before !== null && after !== null && Math.abs(after - before) <= nearSeconds;
  return near ? { code: "near-in-time", seconds: [before, after] } : null;
}

/** One broke and the other degraded: that is one wall met in two ways unless its ports are fewer or more. */
function kindsReason({ baseline, set, tolerance }: WallArms): WallObstacle | null {
  const differ = (all(baseline, "broke") && all(set, "degraded")) || (all(baseline, "degraded") && all(set, "broke"));
  if (!differ) return null;
  const [before, after] = [portsAtWall(baseline), portsAtWall(set)];
  const edge = 1 + tolerance;
  const farther = before !== null && after !== null && after / before > edge;
  const nearer = before !== null && after !== null && after / before < 1 / edge;
  if (all(set, "degraded") ? farther : nearer) return null;
  return { code: "ended-otherwise", worse: "broke", milder: "degraded" };
}

/** No wall in one arm only: it is gone (or there) for what was served and used, not for a trial that never came so far. */
function goneReason(arms: WallArms): WallObstacle | null {
  const { baseline, set, ratio, tolerance } = arms;
  const [held, other] = isMilder(set, baseline) ? [set, baseline] : [baseline, set];
  if (!isMilder(held, other)) return null;
  const edge = 1 + tolerance;
  const reached = ratio?.ratio == null ? null : held === set ? ratio.ratio : 1 / ratio.ratio;
  if (all(other, "broke") && reached !== null && reached <= edge) {
    return { code: "served-no-more", profile: held.profile, than: other.profile };
  }
  const failed = sameFault(held, other);
  if (failed !== null) return failed;
  if (portsAtWall(other) === null && !all(other, "saturated")) return null;
  const fullest = trialsOf(held).find((trial) => useOf(trial) >= nearlyFullShare);
  if (fullest !== undefined && portsAtWall(other) !== null) {
    return { code: "ports-nearly-used-up", profile: held.profile, usedRatio: useOf(fullest) };
  }
  const [faster, slower] = [rateOf(held), rateOf(other)];
  const rose = faster === null || slower === null || faster > slower * edge;
  return rose ? null : { code: "no-faster", profile: held.profile, than: other.profile };
}

/** Nothing stopped the one, or it fell behind at most, where the other met a wall or fell behind. */
function isMilder(one: TrialSet, other: TrialSet): boolean {
  if (all(one, "held")) return !all(other, "held");
  return all(one, "saturated") && (all(other, "broke") || all(other, "degraded"));
}

/** A fault that comes in the last window stops nothing any more, and is there all the same. */
function sameFault(held: TrialSet, other: TrialSet): WallObstacle | null {
  const kinds = new Set(trialsOf(other).flatMap(({ fault }) => fault?.kind ?? []));
  for (const { profile, faults, requests } of trialsOf(held)) {
    const least = leastFaultShare * requests;
    const found = faults.find(({ kind, side, count }) => side !== "generator" && kinds.has(kind) && count >= least);
    if (found !== undefined) return { code: "fault-there-too", profile, fault: found.kind, requests: found.count };
  }
  return null;
}

/** No wall in either arm, only how much each kept up with: that depends on what others left of the CPUs. */
function unmeasuredReason({ baseline, set }: WallArms): WallObstacle | null {
  const arms = [baseline, set];
  const unbroken = arms.every((arm) => all(arm, "saturated") || all(arm, "held"));
  if (!unbroken || arms.every((arm) => all(arm, "held")) || arms.some(isBound)) return null;
  const blocks = Math.min(...arms.map(({ measured }) => measured.size));
  const isKnown = arms.flatMap(trialsOf).every(({ evidence }) => evidence.otherCpu !== null);
  return isKnown || blocks >= agreeingBlocks ? null : { code: "others-not-measured", blocks, needed: agreeingBlocks };
}

/** Whether its load was all that the generator could make: what it would have kept up with nobody knows, however many blocks there are. */
function isBound(set: TrialSet): boolean {
  return trialsOf(set).every(({ generator }) => generator.bound);
}

function trialsOf({ measured }: TrialSet): TrialRecord[] {
  return [...measured.values()];
}

function all(set: TrialSet, outcome: TrialRecord["outcome"]): boolean {
  return set.measured.size > 0 && trialsOf(set).every((trial) => trial.outcome === outcome);
}

/** What each of its trials came to; null where they differ. */
function outcomeOf(set: TrialSet): TrialRecord["outcome"] | null {
  const [first, ...others] = new Set(trialsOf(set).map(({ outcome }) => outcome));
  return others.length === 0 ? (first ?? null) : null;
}

function isSame(ratio: number, tolerance: number): boolean {
  return ratio <= 1 + tolerance && ratio >= 1 / (1 + tolerance);
}

/** Usable ports of the target where ports are what each of its trials met as its wall; null where something else was, or nothing. */
function portsAtWall(set: TrialSet): number | null {
  const trials = trialsOf(set);
  const met = trials.filter(
    (trial) => trial.fault?.kind === "EADDRNOTAVAIL" || trial.measures.scanCliffSeconds !== null,
  );
  const usable = met.flatMap(targetPorts).map((ports) => ports.usable);
  return trials.length === 0 || met.length < trials.length || usable.length === 0 ? null : median(usable);
}

/** What each destination took of the target's ports. */
export function targetPorts(trial: TrialRecord) {
  const ports = trial.evidence.ports.filter(({ role, destination }) => role === "target" && destination !== null);
  return ports.map((entry) => peaksOf(trial, entry));
}

/** Share of the target's ports that was in use at most. */
function useOf(trial: TrialRecord): number {
  return Math.max(0, ...targetPorts(trial).map(({ peakInUse, usable }) => peakInUse / usable));
}

function lastedLong({ measures, outcome }: TrialRecord): boolean {
  return outcome === "broke" && (measures.timeToWallSeconds ?? 0) > timeWaitSeconds;
}

function cliffRatio(baseline: TrialSet, set: TrialSet): number | null {
  if (!all(baseline, "degraded") || !all(set, "degraded")) return null;
  const [before, after] = [baseline, set].map((arm) => {
    const cliffs = trialsOf(arm).flatMap(({ measures }) => measures.scanCliffSeconds ?? []);
    return cliffs.length === 0 ? null : median(cliffs);
  });
  return before == null || after == null || before <= 0 ? null : after / before;
}

function wallSecondsOf(set: TrialSet): number | null {
  const seconds = trialsOf(set).flatMap(({ measures }) => measures.timeToWallSeconds ?? []);
  return seconds.length === 0 ? null : median(seconds);
}

function rateOf(set: TrialSet): number | null {
  const rates = trialsOf(set).flatMap(({ measures }) => measures.sustainedPerSecond ?? []);
  return rates.length === 0 ? null : median(rates);
}
