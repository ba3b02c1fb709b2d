import type { Finding } from "../diagnose/finding.ts";
import type { ProfileAnalysis } from "./analysis.ts";
import { mainFinding } from "./effects.ts";

/** A limit's use that fell by less is the same use: a threshold between the two is a flicker. */
const clearlyLess = 0.8;
/** Who serves so much of what is asked keeps up: no more can be served. */
const keptShare = 0.99;

/** The baseline's bottleneck as far as every trial of it shows it; undefined where it does not, or the generator was it. */
export function sureBottleneck(baseline: ProfileAnalysis): Finding | undefined {
  const main = mainFinding(baseline);
  return main === undefined || main.rule === "generator-bound" || main.seenIn < main.trials ? undefined : main;
}

/** Whether a profile shows a bottleneck in any trial. */
export function shows({ findings }: ProfileAnalysis, bottleneck: Finding): boolean {
  return findings.some(({ rule, side }) => rule === bottleneck.rule && side === bottleneck.side);
}

/**
 * Whether a bottleneck that a profile does not show has ended with it: its use fell clearly, and more was served, or all that was asked.
 * That a finding is absent alone says no more than that some number is on the other side of a threshold.
 */
export function endedBottleneck(
  baseline: ProfileAnalysis,
  profile: ProfileAnalysis,
  bottleneck: Finding,
  tolerance: number,
): boolean {
  return (
    !shows(profile, bottleneck) && useFell(baseline, profile, bottleneck) && servedMore(baseline, profile, tolerance)
  );
}

/** Of what a limit has counted (overflows, failures) the rule's own threshold is clear: it is either there or not. */
function useFell(baseline: ProfileAnalysis, profile: ProfileAnalysis, { rule, role }: Finding): boolean {
  if (rule === "target-cpu-bound") return fell(baseline.cpuCores[role ?? ""], profile.cpuCores[role ?? ""]);
  if (rule !== "receive-work-on-one-cpu") return true;
  return fell(baseline.packetShare, profile.packetShare);
}

function fell(before: number | null | undefined, after: number | null | undefined): boolean {
  return before != null && after != null && after <= clearlyLess * before;
}

function servedMore(baseline: ProfileAnalysis, profile: ProfileAnalysis, tolerance: number): boolean {
  const { kept } = profile;
  if (kept !== null && kept.servedPerSecond >= keptShare * kept.askedPerSecond) return true;
  const [before, after] = [baseline, profile].map(({ measures }) => measures.sustainedPerSecond?.median);
  return before !== undefined && after !== undefined && after > before * (1 + tolerance);
}
