import type { Analysis, Interaction, MainEffect, ProfileAnalysis } from "../../analysis/analysis.ts";
import { measuredTrials } from "../../analysis/effects.ts";
import { sizeOf } from "../../analysis/interactions.ts";
import { measureOf } from "../../core/measures.ts";
import { listWords } from "../../core/words.ts";
import type { JudgedMeasure, RunRecord } from "../../results/run.ts";
import { allOthers } from "./effects.ts";
import { plainRatio } from "./ratios.ts";

/** Which factor explains what changed, in sentences; [] without factors. */
export function conclusionsOf(run: RunRecord, { mainEffects, interactions, profiles }: Analysis): string[] {
  return tooBusy(profiles, mainEffects) ?? effectConclusions(run, mainEffects, interactions);
}

/** Effects without an interval carry a conclusion only where others disturbed none of the trials that they are made of. */
function tooBusy(profiles: ProfileAnalysis[], effects: MainEffect[]): string[] | null {
  const trials = profiles.reduce((sum, profile) => sum + measuredTrials(profile), 0);
  const disturbed = profiles.reduce((sum, profile) => sum + profile.disturbed, 0);
  const few = effects.length > 0 && effects.every(({ low, high }) => low === null && high === null);
  if (!few || disturbed === 0) return null;
  return [`What the factors do can't be told: others used the CPUs during ${disturbed} of ${trials} trials.`];
}

/**
 * Which factor did it, a sentence for each judged measure that any factor changed: "tcp_tw_reuse alone explains the gain in
 * throughput (2.10, 2.05 to 2.14); somaxconn adds nothing (1.00, 0.98 to 1.02)." Where none changed any, that. [] without factors.
 */
function effectConclusions(run: RunRecord, effects: MainEffect[], pairs: Interaction[]): string[] {
  const told = run.judged.flatMap((measure) => {
    const own = effects.filter((effect) => effect.measure === measure.name);
    const together = pairs.filter((pair) => pair.measure === measure.name);
    return conclusionOf(measure, own, together) ?? [];
  });
  if (told.length > 0 || effects.length === 0) return told;
  const still = run.judged.filter((measure) => {
    const own = effects.filter((effect) => effect.measure === measure.name);
    return own.length > 0 && own.every((effect) => effectSize(effect, measure) === "nothing");
  });
  if (still.length === 0) return ["What the factors do can't be told from noise."];
  return [`No factor changes the ${listWords(still.map(({ name }) => measureOf(name).label))} beyond the tolerance.`];
}

type Size = "gain" | "loss" | "nothing" | "unclear";

function effectSize(effect: MainEffect, { direction, tolerance }: JudgedMeasure): Size {
  const size = sizeOf(effect, tolerance);
  if (size === "nothing" || size === "unclear") return size;
  return (size === "up") === (direction === "higher") ? "gain" : "loss";
}

/** null where no factor changes the measure for sure. */
function conclusionOf(measure: JudgedMeasure, effects: MainEffect[], pairs: Interaction[]): string | null {
  const sized = effects.map((effect) => ({ effect, size: effectSize(effect, measure) }));
  const having = (size: Size) => sized.filter((one) => one.size === size).map(({ effect }) => effect);
  const gains = factorsOf(having("gain"));
  const losses = having("loss").filter(({ factor }) => !gains.includes(factor));
  if (gains.length + losses.length === 0) return null;
  const rest = [...gains, ...losses.map(({ factor }) => factor)];
  const others = factorsOf(effects).filter((factor) => !rest.includes(factor));
  const nothing = others.filter((factor) => having("unclear").every((effect) => effect.factor !== factor));
  const clauses = [
    gainClause(measure, gains, having("gain"), pairs),
    ...byFactor(losses).map((effect) => `${named(effect)} makes it worse (${plainRatio(effect)})`),
    ...byFactor(having("nothing").filter(({ factor }) => nothing.includes(factor))).map(
      (effect) => `${named(effect)} adds nothing (ratio ${plainRatio(effect)})`,
    ),
    ...others.filter((factor) => !nothing.includes(factor)).map((factor) => unclearClause(factor, having("nothing"))),
  ].filter((clause) => clause !== "");
  const few = effects.every(({ low, high }) => low === null && high === null);
  return `${clauses.join("; ")}${few ? "; with so few blocks no more than effect sizes" : ""}.`;
}

/** A factor whose effect is known in one company at most. */
function unclearClause(factor: string, nothing: MainEffect[]): string {
  const known = nothing.find((effect) => effect.factor === factor);
  if (known === undefined) return `what ${factor} does can't be told from noise`;
  const [here, there] = known.context === "alone" ? ["alone", "with all the others"] : ["with all the others", "alone"];
  return `${factor} ${here} adds nothing (ratio ${plainRatio(known)}), what it does ${there} can't be told from noise`;
}

/** Who explains the gain: one factor alone, several each, or several only together. */
function gainClause(
  { name, tolerance }: JudgedMeasure,
  factors: string[],
  gains: MainEffect[],
  pairs: Interaction[],
): string {
  const what = `the gain in ${measureOf(name).label}`;
  const joint = pairs.find((pair) => sizeOf(pair, tolerance) === "up" && factors.includes(pair.factors[0]));
  const [first] = byFactor(gains);
  if (first === undefined) return "";
  if (joint !== undefined) {
    const [one, other] = joint.factors;
    const company = other === null ? allOthers : `${other} changed too`;
    return `${one} and ${other ?? allOthers} work together: ${one} does ${plainRatio(joint)} times as much with ${company}`;
  }
  if (factors.length === 1) return `${named(first)} alone explains ${what} (${plainRatio(first)})`;
  const listed = byFactor(gains).map((effect) => `${named(effect)} (${plainRatio(effect)})`);
  return `${listWords(listed)} each have a part in ${what}`;
}

function factorsOf(effects: MainEffect[]): string[] {
  return [...new Set(effects.map(({ factor }) => factor))];
}

/** The first effect of each factor and level: alone before in company. */
function byFactor(effects: MainEffect[]): MainEffect[] {
  return effects.filter(
    (effect, index) =>
      effects.findIndex(
        ({ factor, levels }) =>
          factor === effect.factor && levels.from === effect.levels.from && levels.to === effect.levels.to,
      ) === index,
  );
}

function named({ factor, context }: MainEffect): string {
  return context === "with all others" ? `${factor} (with all the others)` : factor;
}
