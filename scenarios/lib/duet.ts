/**
 * One load for two copies of the target, each of another profile (`design: duet`): which of them an iteration is for, where its requests
 * go, and their times in buckets fine enough for a difference of a few per cent. Does nothing in any other load.
 */
import { scenario, vu } from "k6/execution";
import { Trend } from "k6/metrics";
import { armOf } from "./arms.ts";

const told: { seed: number } | null = JSON.parse(__ENV.TUNEBENCH_DUET ?? "null");
const [firstUrl = "", secondUrl = ""] = (__ENV.TARGET_URLS ?? "").split(" ");

export const isDuet = told !== null;

/** Of k6's own iteration that this user is in; 0 in setup() and teardown(). */
let arm: 0 | 1 = 0;

/** Chooses the arm of the iteration that begins; all that it measures carries it as a tag. */
export function beginIteration(): void {
  if (told === null) return;
  arm = armOf(told.seed, scenario.iterationInTest);
  vu.metrics.tags.tunebench_arm = String(arm);
}

/** A URL at the first copy, or at either, as one at this iteration's. */
export function atArm(url: string): string {
  const rest = url.slice(firstUrl.length);
  return arm === 1 && url.startsWith(firstUrl) && (rest === "" || /^[/?#]/.test(rest)) ? secondUrl + rest : url;
}

const latency = isDuet ? new Trend("tunebench_duet_latency", true) : null;
const { noConnectionReuse } = JSON.parse(__ENV.TUNEBENCH_OPTIONS ?? "{}") as { noConnectionReuse?: boolean };

/**
 * Takes the time of a response that succeeded. k6 spreads at most 160 buckets over all that a trend has seen in a window, 4% wide or more; one
 * trend for each doubling of the time has them 0.5% wide.
 */
export function timeOf({ status, timings }: { status: number; timings: { blocked: number; duration: number } }): void {
  if (latency === null || status === 0 || status >= 400) return;
  const ms = noConnectionReuse === true ? timings.blocked + timings.duration : timings.duration;
  latency.add(ms, { doubling: String(Math.floor(Math.log2(Math.max(ms, 0.001)))) });
}
