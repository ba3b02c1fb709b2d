import type * as z from "zod";
import { foldedRuns, runsFor } from "../core/plackett-burman.ts";
import { levelText, withLevel } from "./factor-key.ts";
import type { Level } from "./schema-forms.ts";
import { type factors, longProfile } from "./schema-profiles.ts";

type Factors = z.output<typeof factors>;
type Profile = z.output<typeof longProfile> & { name: string };
export type FactorDesign = "factorial" | "one-at-a-time" | "screening";

/** The profiles that factors give, in the design that the suite asks for; the first has every factor's first level and is the baseline. */
export function profilesFromFactors(factors: Factors, design: FactorDesign): Profile[] {
  return combinationsOf(factors, design).map(({ name, form, levels }) => ({
    name,
    ...longProfile.parse(form),
    levels,
  }));
}

/** One of the design's combinations of levels, as a profile is written. */
interface Combination {
  name: string;
  form: object;
  levels: Record<string, string>;
}

/** What is combined, before it is a profile. */
export function combinationsOf(factors: Factors, design: FactorDesign): Combination[] {
  const knobs = knobsOf(factors);
  if (design === "screening") return screening(knobs);
  return design === "factorial" ? factorial(knobs) : oneAtATime(knobs);
}

/** How many profiles that gives at most, without making them. */
export function countOfProfiles(factors: Factors, design: FactorDesign): number {
  const counts = knobsOf(factors).map(({ levels }) => levels.length);
  if (design === "factorial") return counts.reduce((product, count) => product * count, 1);
  if (design === "screening") return 2 * (runsFor(counts.length) ?? 0);
  return counts.reduce((sum, count) => sum + count, 2);
}

/** A factor with the one key that it sets. */
interface Knob {
  factor: string;
  key: string;
  levels: Level[];
}

function knobsOf(factors: Factors): Knob[] {
  return Object.entries(factors).flatMap(([factor, settings]) =>
    Object.entries(settings).map(([key, levels]) => ({ factor, key, levels })),
  );
}

/** Every combination of the levels, named by them: `reuse=1,range=1024-65535`. The first factor changes slowest. */
function factorial(knobs: Knob[]): Combination[] {
  const choices = knobs.reduce<number[][]>(
    (all, { levels }) => all.flatMap((chosen) => levels.map((_, i) => [...chosen, i])),
    [[]],
  );
  return choices.map((chosen) => {
    const levelAt = (_: Knob, i: number) => chosen[i] ?? 0;
    return combined(knobs.map((knob, i) => labelOf(knob, levelAt(knob, i))).join(","), knobs, levelAt);
  });
}

/**
 * The ablation: `baseline` (all first levels), each other level alone (`reuse=1`), `all` (all last levels) and all but each
 * (`all-but-reuse`). Each has a level of every factor, so that effects can be told from it. What would be another's twin
 * is left out: of two factors, all but one is the other alone.
 */
function oneAtATime(knobs: Knob[]): Combination[] {
  const combinations = [
    combined("baseline", knobs, () => 0),
    ...knobs.flatMap((knob) =>
      knob.levels
        .slice(1)
        .map((_, i) => combined(labelOf(knob, i + 1), knobs, (other) => (other === knob ? i + 1 : 0))),
    ),
    combined("all", knobs, () => -1),
    ...knobs.map((knob) => combined(`all-but-${knob.factor}`, knobs, (other) => (other === knob ? 0 : -1))),
  ];
  const levels = combinations.map((combination) => JSON.stringify(combination.levels));
  return combinations.filter((_, i) => levels.indexOf(levels[i] ?? "") === i);
}

/** Fewer factors have no more combinations than a screen has runs. */
export const fewestScreened = 5;

/**
 * A Plackett-Burman design and its fold-over: `baseline` and `all` first, then each run and its mirror. [] for more factors than any such
 * design has room for.
 */
function screening(knobs: Knob[]): Combination[] {
  const runs = runsFor(knobs.length);
  if (runs === null) return [];
  return foldedRuns(runs).map((row, index) =>
    combined(runName(index), knobs, (knob) => (row[knobs.indexOf(knob)] ? -1 : 0)),
  );
}

function runName(index: number): string {
  if (index < 2) return index === 0 ? "baseline" : "all";
  const run = `run-${String(Math.floor(index / 2) + 1).padStart(2, "0")}`;
  return index % 2 === 0 ? run : `${run}-mirrored`;
}

/** @param levelAt which level of each factor; -1 = the last */
function combined(name: string, knobs: Knob[], levelAt: (knob: Knob, i: number) => number): Combination {
  const chosen = knobs.map((knob, i) => ({ ...knob, level: levelOf(knob, levelAt(knob, i)) }));
  const form = chosen.reduce((form, { key, level }) => withLevel(form, key, level), {});
  const levels = Object.fromEntries(chosen.map(({ factor, key, level }) => [factor, levelText(key, level)]));
  return { name, form, levels };
}

function levelOf({ levels }: Knob, index: number): Level {
  return levels.at(index) ?? "";
}

/** `range=1024-65535`: what a profile's name can't hold becomes a dash. */
function labelOf(knob: Knob, index: number): string {
  return `${knob.factor}=${levelText(knob.key, levelOf(knob, index)).replace(/[^A-Za-z0-9._-]+/g, "-")}`;
}
