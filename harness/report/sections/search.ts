import { median } from "simple-statistics";
import type { Analysis, ProfileAnalysis, SearchSummary } from "../../analysis/analysis.ts";
import { formatGoal, formatMeasure } from "../../core/measures.ts";
import { formatCount } from "../../core/numbers.ts";
import { formatChosen, formatRate } from "../../core/units.ts";
import { counted, listWords } from "../../core/words.ts";
import type { JudgedStep } from "../../results/goals.ts";
import type { RunRecord } from "../../results/run.ts";
import { detail, type Figure, paragraph, type Section, type Table, type Text } from "../blocks.ts";
import { formatSpread, formatSummary } from "../measures.ts";
import type { ReportInput } from "../report-input.ts";
import { caveatSentences } from "../words/caveats.ts";
import { missedWords } from "../words/missed.ts";
import { aboveCeilingWords } from "../words/verdict-search.ts";
import { footnotes } from "./caveats.ts";
import { rowName, verdictCell, versusBaseline } from "./comparison.ts";
import { type ComparisonRow, comparisonTable, inconclusiveReasons } from "./comparison-table.ts";
import { openNote, profilePiece } from "./pieces.ts";

/** What each profile sustains beside the baseline, and how each search came to it; of a run that searched for a rate. */
export function searchSection(input: ReportInput): Section {
  const { run, analysis } = input;
  const { rows } = comparisonTable(analysis);
  const marks = footnotes(input);
  const profiles = rows.flatMap((row) => {
    const profile = analysis.profiles.find(({ name }) => name === row.profile);
    return profile === undefined ? [] : [{ row, profile }];
  });
  const remarks = profiles.flatMap(({ profile }) =>
    notesOf(run, profile).map((note) => paragraph([profilePiece(analysis, profile.name), `: ${note}.`])),
  );
  const reasons = inconclusiveReasons({ rows });
  return {
    id: "comparison",
    title: "Sustainable rate",
    reach: "everywhere",
    blocks: [
      {
        kind: "table",
        caption: "Highest rate that kept the goals, and what the ports can sustain, by arithmetic",
        columns: [
          { title: "profile" },
          { title: "sustains", numeric: true },
          { title: "the ports allow", brief: "ports allow", numeric: true, drop: 1 },
          { title: "steps", numeric: true, drop: 2 },
          { title: "vs baseline" },
          { title: "verdict", brief: "" },
        ],
        rows: profiles.map(({ row, profile }) => cellsOf(row, profile, rowName(row, input, marks))),
        notes: [...searchNotes(run), ...(reasons.length === 0 ? [] : [openNote(reasons)])],
      },
      ...remarks,
      ...searchFigures(analysis),
    ],
  };
}

function cellsOf(row: ComparisonRow, { measures, search }: ProfileAnalysis, name: Text): Text[] {
  const summary = measures.sustainableRatePerSecond;
  const ceiling = search?.ceilingPerSecond ?? null;
  const none = search === null ? "-" : "none";
  return [
    name,
    [
      { kind: "strong", text: summary === undefined ? none : formatSummary("sustainableRatePerSecond", summary) },
      ...detail(formatSpread("sustainableRatePerSecond", summary)),
    ],
    ceiling === null ? "-" : formatMeasure("sustainableRatePerSecond", ceiling),
    formatCount(search?.searches.reduce((sum, { steps }) => sum + steps.length, 0) ?? 0),
    versusBaseline(row),
    verdictCell(row),
  ];
}

/** What speaks against a found rate: that it would not last, or was not found in every block. */
function notesOf(run: RunRecord, { search }: ProfileAnalysis): string[] {
  if (search === null) return ["no search came to its end"];
  return [aboveCeilingWords(run, search) ?? [], notEverywhere(search)].flat();
}

function notEverywhere({ searches }: SearchSummary): string[] {
  const none = searches.filter(({ sustainableRatePerSecond }) => sustainableRatePerSecond === null).length;
  return none === 0 || searches.length === 1 ? [] : [`no rate was found in ${none} of ${searches.length} blocks`];
}

/** What was searched for and how. */
function searchNotes({ experiment }: RunRecord): string[] {
  if (experiment.kind !== "search") return [];
  const { objective, goals } = experiment;
  const held = `held for ${formatChosen(objective.holdingMs / 1000, "s")} after ${formatChosen(objective.rampMs / 1000, "s")} of ramp`;
  return [
    `A rate is kept if, ${held}, it is served without a wall, with ${listWords(goals.map(formatGoal))}.`,
    `Rates are told apart from ${formatChosen(objective.precision, "fraction")} on; each answer was kept twice.`,
    "Ratios are of sustainable rates, paired within blocks.",
  ];
}

type Search = SearchSummary["searches"][number];

/** Every search as it went; where not all have room, the one nearest its profile's median stands for the others. */
function searchFigures({ profiles }: Analysis): Figure[] {
  return profiles.flatMap(({ name, search }) => {
    if (search === null) return [];
    const typical = typicalSearch(search);
    return search.searches.map((one) => searchFigure(name, one, search, one !== typical));
  });
}

function searchFigure(profile: string, search: Search, summary: SearchSummary, optional: boolean): Figure {
  const { block, steps, sustainableRatePerSecond: found, lowerBound, caveats } = search;
  const answer =
    found === null
      ? "no rate was kept twice"
      : `${lowerBound ? "at least " : ""}${formatRate(found)} sustained after ${counted(steps.length, "step")}`;
  const several = summary.searches.length > 1;
  const typical = several && !optional ? ` (of ${summary.searches.length}, the nearest to the median)` : "";
  return {
    kind: "figure",
    title: `${profile}, block ${block}${typical}`,
    description: `${[answer, ...caveatSentences(caveats)].join("; ")}.`,
    chart: { kind: "search", search, ceilingPerSecond: summary.ceilingPerSecond },
    numbers: stepTable(profile, search),
    optional,
  };
}

/** The steps of a search in the order they were run. */
function stepTable(profile: string, { block, steps }: Search): Table {
  const rows = steps.map((step, index): Text[] => {
    const result = resultOf(step);
    const why = missedWords(step.missed);
    return [
      String(index + 1),
      step.phase,
      formatMeasure("sustainableRatePerSecond", step.ratePerSecond),
      [{ kind: "mark", text: result, tone: resultTones[result] }, why === "" ? "" : `: ${why}`],
    ];
  });
  const columns = [
    { title: "step", numeric: true, drop: 2 },
    { title: "phase", drop: 1 },
    { title: "rate", numeric: true },
    { title: "result", wraps: true },
  ];
  return { kind: "table", caption: `Steps of ${profile}, block ${block}`, columns, rows, notes: [] };
}

const resultTones = { kept: "good", missed: "bad", generator: "open" } as const;

/** generator: missed, but by the load's own limit, so that it says nothing of the service. */
export function resultOf({ kept, generatorBound }: JudgedStep): keyof typeof resultTones {
  if (kept) return "kept";
  return generatorBound ? "generator" : "missed";
}

/** The nearest to the median, the first of equals. */
function typicalSearch({ searches }: SearchSummary): Search | null {
  const rates = searches.flatMap(({ sustainableRatePerSecond }) => sustainableRatePerSecond ?? []);
  const middle = rates.length === 0 ? 0 : median(rates);
  const distance = (one: Search) => Math.abs((one.sustainableRatePerSecond ?? 0) - middle);
  return searches.toSorted((one, other) => distance(one) - distance(other))[0] ?? null;
}
