import type { FactorScreen, Interaction, LevelChange, MainEffect } from "../../analysis/analysis.ts";
import { sizeOf } from "../../analysis/interactions.ts";
import { measureOf } from "../../core/measures.ts";
import { formatRatio } from "../../core/numbers.ts";
import { formatChosen } from "../../core/units.ts";
import { listWords } from "../../core/words.ts";
import type { JudgedMeasure } from "../../results/run.ts";
import { boundWords, plainRatio } from "./ratios.ts";

/** The other "factor" where the factors were changed one at a time. */
export const allOthers = "all the others";

/** What a factor does on its own, as a sentence. */
export function effectSentence(effect: MainEffect): string {
  const { factor, levels, context, measure, under } = effect;
  const where = { average: "", alone: " alone", "with all others": " in the company of all the others" }[context];
  const parts = under.map((one) => `${boundWords(one)} with ${levelWords(one.levels)}`);
  const dependence = parts.length === 0 ? "" : `; it depends on the other factors: ${parts.join(", ")}`;
  return `${factor} ${changeWords(levels)}${where}: ${boundWords(effect)} the ${measureOf(measure).label}${intervalWords(effect)}${dependence}.`;
}

/** How one factor's effect depends on another, as a sentence. */
export function interactionSentence(interaction: Interaction, judged: JudgedMeasure[]): string {
  const { factors, levels, measure } = interaction;
  const [factor, other] = factors;
  const tolerance = judged.find(({ name }) => name === measure)?.tolerance ?? 0;
  const effect = `the effect of ${factor} ${changeWords(levels[0])} on the ${measureOf(measure).label}`;
  return `${factor} and ${other ?? allOthers}: ${dependenceWords(effect, interaction, tolerance)}.`;
}

function dependenceWords(effect: string, interaction: Interaction, tolerance: number): string {
  const size = sizeOf(interaction, tolerance);
  const { low, high } = interaction;
  if (size === "nothing" && low !== null && high !== null) {
    return `${effect} does not depend on it (ratio ${plainRatio(interaction)})`;
  }
  const times = `${boundWords(interaction)} as large with ${companyWords(interaction)}${intervalWords(interaction)}`;
  if (size === "unclear" && low !== null) {
    return `${effect} may depend on it, but that can't be told from noise: ${times}`;
  }
  return `${effect} is ${times}`;
}

/** What a screen points at for one measure, and what is to be done with it. */
export function screenSentence({ measure, suspects, deviation, isDisturbed }: FactorScreen): string {
  const { label } = measureOf(measure);
  const noise = `noise of a trial ${formatChosen(Number(deviation.toPrecision(2)), "fraction")}`;
  const disturbed = isDisturbed
    ? " Columns that no factor has differ by more than noise: something other than the factors changed results."
    : "";
  if (suspects.length === 0) return `${label}: no factor stands out (${noise}).${disturbed}`;
  const [changes, others] = [
    suspects.map(({ factor, levels }) => `${factor} ${changeWords(levels)}`),
    suspects.length === 1 ? "alone is" : "together are",
  ];
  const next =
    suspects.length === 1
      ? "compare it with the baseline in fresh blocks"
      : "run just these as `design: factorial` in fresh blocks";
  return `${label}: ${listWords(changes)} ${others} what the screen points at (${noise}). That is a hypothesis, since a screen names no pair: ${next}.${disturbed}`;
}

/** "0 -> 1" */
function changeWords({ from, to }: LevelChange): string {
  return `${from} -> ${to}`;
}

/** "backlog 511 as with 128" */
function companyWords({ factors: [, other], levels: [, levels] }: Interaction): string {
  if (other === null || levels === null) return `${allOthers} as alone`;
  return `${other} ${levels.to} as with ${levels.from}`;
}

/** " (95%: 1.9x to 2.1x)", or that there are too few blocks for one. */
function intervalWords({ low, high, n }: Pick<MainEffect, "low" | "high" | "n">): string {
  if (low !== null && high !== null) return ` (95%: ${formatRatio(low)} to ${formatRatio(high)})`;
  if (low !== null) return ` (95%: from ${formatRatio(low)})`;
  if (high !== null) return ` (95%: up to ${formatRatio(high)})`;
  return `, with ${n} block${n === 1 ? "" : "s"} no more than an effect size`;
}

/** "somaxconn 65535, backlog 511" */
function levelWords(levels: Record<string, string>): string {
  return Object.entries(levels)
    .map(([name, level]) => `${name} ${level}`)
    .join(", ");
}
