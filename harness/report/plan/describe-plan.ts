import { measureOf } from "../../core/measures.ts";
import { formatCount, formatSpan } from "../../core/numbers.ts";
import { formatChosen, formatPercent, formatRate, formatSeconds } from "../../core/units.ts";
import { counted, listWords, wrap } from "../../core/words.ts";
import type { Plan } from "../../plan/make-plan.ts";
import type { PredictedWalls } from "../../results/prediction.ts";
import type { Suite } from "../../suite/suite.ts";
import { assumptionWords } from "../words/assumptions.ts";
import { caveatSentence } from "../words/caveats.ts";
import { profilesWords } from "../words/ratios.ts";
import { columns } from "./columns.ts";
import { clusterLines } from "./describe-cluster.ts";
import { loadLines } from "./describe-load.ts";

/** The text of `tunebench plan`: what would run, how long, where the walls are expected, and what speaks against it. */
export function describePlan(suite: Suite, plan: Plan, { width }: { width: number }): string {
  const lines = [
    ...wrap(planHeadline(suite, plan), width),
    ...clusterLines(suite, plan, width),
    "",
    ...loadLines(suite, plan.profiles, width),
    "",
    ...comparisonLines(suite, plan, width),
    "",
    suite.design === "duet"
      ? "Order (seeded; both at the same time, the first is started first):"
      : "Order (seeded, each block has every profile once):",
    ...orderLines(plan, width),
    ...(suite.design === "duet" ? [] : ["", ...wallLines(suite, plan.predictions, width)]),
    ...(plan.caveats.length === 0 ? [] : ["", "Caveats:"]),
    ...plan.caveats.flatMap((caveat) => wrap(caveatSentence(caveat), width, "    ", "  ! ")),
  ];
  return `${lines.join("\n")}\n`;
}

/** What would run, and how long at most: a line. */
export function planHeadline(suite: Suite, plan: Plan): string {
  const profiles = profilesWords(plan.profiles);
  const most = plan.looks.length === 0 ? "" : "at most ";
  const { experiment } = suite;
  const runs =
    experiment.kind !== "search"
      ? counted(plan.order.length, "trial")
      : `${counted(plan.order.length, "search", "searches")} of at most ${counted(experiment.objective.steps, "trial")}`;
  const again = plan.profiles.length === 1 ? 0 : 2 * suite.recheckBlocks;
  const recheck = again === 0 ? "" : ` and at most ${formatCount(again)} of the confirmation run`;
  return `${suite.name}: ${profiles} x ${most}${counted(plan.blocks, "block")} = ${most}${runs}${recheck}, at most about ${formatSpan(plan.expectedSeconds)} (baseline ${suite.baseline}, seed ${plan.seed})`;
}

/** How it is compared: design, measures, looks, recheck and retries; what is not asked for has no line. */
function comparisonLines(suite: Suite, plan: Plan, width: number): string[] {
  const { judged, recheckBlocks, retries } = suite;
  const alone = plan.profiles.length === 1;
  const measures = judged.map(
    ({ name, tolerance }) => `${measureOf(name).label} (${formatChosen(tolerance, "fraction")})`,
  );
  const sentences = [
    ...designText(suite, plan),
    alone
      ? "Compared: nothing, the baseline alone is run."
      : `Compared on: ${measures.join(", ")}; in brackets, what counts as same.`,
    ...(plan.looks.length === 0 ? [] : [looksText(plan.looks)]),
    ...(recheckBlocks === 0
      ? []
      : [`Recheck: ${counted(recheckBlocks, "fresh block")} of the best profile and the baseline at the end.`]),
    ...findableText(plan),
    ...(retries === 0 ? [] : [`Retries: at most ${counted(retries, "invalid or disturbed trial")} repeated.`]),
  ];
  return sentences.flatMap((sentence) => wrap(sentence, width, "  ", ""));
}

/** What the plan's time is good for. */
function findableText({ findable, blocks, expectedSeconds }: Plan): string[] {
  if (findable === null || findable.measures.length === 0) return [];
  const { calibration, measures } = findable;
  const differences = measures.map(({ measure, difference }) =>
    difference === null
      ? `${measureOf(measure).label} none (too few blocks)`
      : `${measureOf(measure).label} from ${formatPercent(difference)} on`,
  );
  const same = measures.flatMap(({ measure, sameWithin }) =>
    sameWithin === null ? [] : [`${formatPercent(sameWithin)} (${measureOf(measure).label})`],
  );
  const within = same.length === 0 ? "" : `; identical profiles are called the same within ${listWords(same)}`;
  const by =
    calibration === null
      ? "the noise that is usual on 2 CPUs shared with others; tunebench calibrate measures it here"
      : `the noise of calibration ${calibration}`;
  return [
    `Finds in about ${formatSpan(expectedSeconds)} (${counted(blocks, "block")}), in 80 of 100 runs, a difference in ${listWords(differences)}${within}. By ${by}.`,
  ];
}

/** [] where every combination of the factors is a profile, or there are none. */
function designText({ design }: Suite, { profiles }: Plan): string[] {
  const factors = counted(new Set(profiles.flatMap(({ levels }) => Object.keys(levels))).size, "factor");
  if (design === "one-at-a-time")
    return [`Design: one at a time: each level of ${factors} alone, all, and all but each.`];
  if (design === "duet") return ["Design: a duet: both profiles at the same time, one load goes to them in turns."];
  if (design !== "screening") return [];
  return [`Design: a screen of ${factors}: each run of a Plackett-Burman design and its mirror.`];
}

function looksText(looks: number[]): string {
  const share = looks.length === 2 ? "half" : "a third";
  return `Interim analyses: after ${listWords(looks.map(String))} blocks it ends once all is decided or hopeless; each has ${share} of the 5%.`;
}

function orderLines(plan: Plan, width: number): string[] {
  const digits = String(plan.blocks).length;
  return Array.from({ length: plan.blocks }, (_, i) => i + 1).flatMap((block) => {
    const names = plan.order.filter((trial) => trial.block === block).map((trial) => trial.profile);
    const label = `  ${String(block).padStart(digits)}: `;
    return wrap(names.join(" "), width, " ".repeat(label.length), label);
  });
}

/** Without an upstream there is nothing to dial, so no table of walls. */
function wallLines(suite: Suite, predictions: PredictedWalls[], width: number): string[] {
  const assumptions = assumptionLines(predictions, width);
  if (Object.keys(suite.upstreams).length === 0) return ["Expected walls: none", ...assumptions];
  const head = ["profile", "ports", "cliff", "wall", "sustains"];
  const at =
    suite.experiment.kind !== "search" ? "" : `, at ${formatChosen(suite.experiment.objective.toPerSecond, "1/s")}`;
  const title = `Expected walls (ports held towards one upstream, and when${at}):`;
  return [title, ...columns(head, predictions.map(wallRow), width), ...assumptions];
}

function wallRow(walls: PredictedWalls): string[] {
  return [
    walls.profile,
    formatCount(walls.usablePorts),
    wallText(walls.cliffPorts, walls.cliffSeconds),
    wallText(walls.wallPorts, walls.wallSeconds),
    formatRate(Math.floor(walls.sustainablePerSecond)),
  ];
}

function wallText(ports: number | null, seconds: number | null): string {
  if (ports === null) return "none";
  return seconds === null ? `${formatCount(ports)}, not reached` : `${formatCount(ports)} at ${formatSeconds(seconds)}`;
}

/** Each assumption once, with the profiles that it is made for unless all share it. */
function assumptionLines(predictions: PredictedWalls[], width: number): string[] {
  const made = predictions.map(({ profile, assumptions }) => ({ profile, words: assumptions.map(assumptionWords) }));
  const all = new Set(made.flatMap(({ words }) => words));
  return [...all].flatMap((assumption) => {
    const profiles = made.filter(({ words }) => words.includes(assumption));
    const whose =
      profiles.length === predictions.length ? "" : ` [${profiles.map(({ profile }) => profile).join(" ")}]`;
    return wrap(`${assumption}${whose}`, width, "    ", "  - ");
  });
}
