import { median } from "simple-statistics";
import type { ProfileAnalysis, SearchSummary } from "../analysis/analysis.ts";
import { formatGoal, formatMeasure } from "../core/measures.ts";
import { formatCount } from "../core/numbers.ts";
import { formatChosen } from "../core/units.ts";
import { listWords } from "../core/words.ts";
import type { JudgedStep } from "../results/goals.ts";
import type { RunRecord } from "../results/run.ts";
import { type ComparisonRow, comparisonTable } from "./comparison.ts";
import { formatSpread, formatSummary } from "./measures.ts";
import type { ReportInput } from "./report-input.ts";
import { missedWords } from "./words/missed.ts";
import { aboveCeilingWords } from "./words/verdict-search.ts";

/** One profile's searches in a line, as text that every renderer lays out its own way. */
export interface SearchRow {
  /** The profile and how it compares with the baseline. */
  row: ComparisonRow;
  /** ">= 3,200/s", or "none" where no rate was kept. */
  found: string;
  /** Lowest to highest over the blocks; null with one. */
  spread: string | null;
  /** What the ports sustain by arithmetic; "-" where they are no limit. */
  ceiling: string;
  /** Trials over all its searches. */
  steps: string;
  /** What speaks against the found rate: that it would not last, or was not found in every block. */
  notes: string[];
}

/** A line for each profile of a run that searched for a rate, in the run's order; [] for any other run. */
export function searchRows({ run, analysis }: ReportInput): SearchRow[] {
  if (run.experiment.kind !== "search") return [];
  const { rows } = comparisonTable(analysis);
  return rows.flatMap((row) => {
    const profile = analysis.profiles.find(({ name }) => name === row.profile);
    return profile === undefined ? [] : [searchRow(run, row, profile)];
  });
}

function searchRow(run: RunRecord, row: ComparisonRow, { measures, search }: ProfileAnalysis): SearchRow {
  const summary = measures.sustainableRatePerSecond;
  const ceiling = search?.ceilingPerSecond ?? null;
  return {
    row,
    found: search === null ? "-" : summary === undefined ? "none" : formatSummary("sustainableRatePerSecond", summary),
    spread: formatSpread("sustainableRatePerSecond", summary),
    ceiling: ceiling === null ? "-" : formatMeasure("sustainableRatePerSecond", ceiling),
    steps: formatCount(search?.searches.reduce((sum, { steps }) => sum + steps.length, 0) ?? 0),
    notes: search === null ? ["no search came to its end"] : notesOf(run, search),
  };
}

function notesOf(run: RunRecord, search: SearchSummary): string[] {
  return [aboveCeilingWords(run, search) ?? [], notEverywhere(search)].flat();
}

function notEverywhere({ searches }: SearchSummary): string[] {
  const none = searches.filter(({ sustainableRatePerSecond }) => sustainableRatePerSecond === null).length;
  return none === 0 || searches.length === 1 ? [] : [`no rate was found in ${none} of ${searches.length} blocks`];
}

/** What was searched for and how: "Each rate is kept if p99 latency <= 50 ms ...". "" for a run without a search. */
export function searchLegend({ run }: ReportInput): string {
  if (run.experiment.kind !== "search") return "";
  const { objective, goals } = run.experiment;
  const held = `held for ${formatChosen(objective.holdingMs / 1000, "s")} after ${formatChosen(objective.rampMs / 1000, "s")} of ramp`;
  return `A rate is kept if, ${held}, it is served without a wall, with ${listWords(goals.map(formatGoal))}. Rates are told apart from ${formatChosen(objective.precision, "fraction")} on; each answer was kept twice. Ratios are of sustainable rates, paired within blocks.`;
}

/** One step in words. */
export interface StepRow {
  /** 1-based place in its search. */
  place: number;
  phase: JudgedStep["phase"];
  rate: string;
  result: "kept" | "missed" | "generator";
  /** What was missed; "" where all was kept. */
  why: string;
}

/** The steps of a search in the order they were run. */
export function stepRows(steps: readonly JudgedStep[]): StepRow[] {
  return steps.map((step, index) => ({
    place: index + 1,
    phase: step.phase,
    rate: formatMeasure("sustainableRatePerSecond", step.ratePerSecond),
    result: resultOf(step),
    why: missedWords(step.missed),
  }));
}

/** generator: missed, but by the load's own limit, so that it says nothing of the service. */
export function resultOf({ kept, generatorBound }: JudgedStep): StepRow["result"] {
  if (kept) return "kept";
  return generatorBound ? "generator" : "missed";
}

type Search = SearchSummary["searches"][number];

/** The search that stands for its profile where there is room for one: the nearest to the median, the first of equals. */
export function typicalSearch({ searches }: SearchSummary): Search | null {
  const rates = searches.flatMap(({ sustainableRatePerSecond }) => sustainableRatePerSecond ?? []);
  const middle = rates.length === 0 ? 0 : median(rates);
  const distance = (one: Search) => Math.abs((one.sustainableRatePerSecond ?? 0) - middle);
  return searches.toSorted((one, other) => distance(one) - distance(other))[0] ?? null;
}

/** "baseline, block 1 of 3 (the nearest to the median)" */
export function describeSearch(profile: string, search: Search, summary: SearchSummary): string {
  const several = summary.searches.length > 1;
  return `${profile}, block ${search.block}${several ? ` (of ${summary.searches.length}, the nearest to the median)` : ""}`;
}
