import { formatMeasure, measureNumber, measureOf } from "../../core/measures.ts";
import { formatFactor } from "../../core/numbers.ts";
import { formatPercent, formatRate } from "../../core/units.ts";
import { counted, listWords } from "../../core/words.ts";
import { armChanges, isSameArm } from "../../find/arm.ts";
import type { FindResult, PathStep } from "../../find/found.ts";
import type { Change } from "../../results/find.ts";
import type { TrialRecord } from "../../results/trial.ts";
import type { Figure, Section, Table, Text, Tone } from "../blocks.ts";
import type { FindPathTrial } from "../charts/find-path.ts";
import type { ReportInput } from "../report-input.ts";
import { changeWords } from "../words/changes.ts";
import { findingTitles } from "../words/findings.ts";
import { gainWords, standingWords } from "../words/gain.ts";

/** How a find came to its answer: each step with what was tried and what came of it; null of any other run. */
export function findPathSection({ analysis, trials }: ReportInput): Section | null {
  const { found } = analysis;
  if (found === null || found.path.length === 0) return null;
  return {
    id: "path",
    title: "How it was found",
    reach: "everywhere",
    blocks: [pathTable(found), ...pathFigure(found, trials)],
  };
}

function pathTable({ path }: FindResult): Table {
  const rows = path.map((step, index): Text[] => {
    const { mark, words } = cameWords(step);
    return [
      `${index + 1} ${stepTitles[step.kind]}`,
      [`${triedWords(step)}: `, { kind: "mark", ...mark }, words === "" ? "" : `: ${words}`],
      trialsWords(step.trials),
    ];
  });
  const columns = [
    { title: "step" },
    { title: "what was tried, and what came of it", wraps: true },
    { title: "trials", drop: 1 },
  ];
  return { kind: "table", caption: "Each step, in its order", columns, rows, notes: [] };
}

const stepTitles: Record<PathStep["kind"], string> = {
  baseline: "as it is",
  raise: "higher rate",
  follow: "follow",
  group: "all at once",
  screen: "screen",
  confirm: "confirm",
  bisect: "how much",
};

/** "3 to 6", "3, 5" */
function trialsWords(trials: number[]): string {
  const [first = 0, last = 0] = [Math.min(...trials), Math.max(...trials)];
  if (trials.length === 0) return "-";
  return trials.length > 2 && last - first === trials.length - 1 ? `${first} to ${last}` : trials.join(", ");
}

function triedWords({ base, ratePerSecond, came }: PathStep): string {
  const rate = ratePerSecond === null ? "" : `, at ${formatRate(ratePerSecond)}`;
  switch (came.kind) {
    case "tried":
      return `${listWords(came.changes.map(changeWords))} (named by: ${findingTitles[came.rule]})${rate}`;
    case "group":
      return `${counted(came.candidates, "setting")}${rate}`;
    case "screened":
      return `${counted(came.effects.length, "setting")}${rate}`;
    case "confirmed":
      return `${listWords(came.changes.map(changeWords))}${rate}`;
    case "bisected":
      return `${changeWords(came.change)}${rate}`;
    case "bound": {
      const changes = armChanges(base).map(changeWords);
      return `${changes.length === 0 ? "the suite as it is" : `with ${listWords(changes)}`}${rate}`;
    }
  }
}

/** What came of a step, in a word with its tone, and what that rests on. */
function cameWords({ came }: PathStep): { mark: { text: string; tone: Tone | null }; words: string } {
  switch (came.kind) {
    case "bound": {
      const value =
        came.value === null ? [] : [`${measureOf(came.measure).label} ${formatMeasure(came.measure, came.value)}`];
      const finding = came.finding === null ? ["nothing binds"] : [findingTitles[came.finding.rule]];
      const tone = came.standing === "held" ? "good" : "bad";
      return { mark: { text: standingWords[came.standing], tone }, words: [...finding, ...value].join(", ") };
    }
    case "tried":
      return {
        mark: came.helped ? { text: "helps", tone: "good" } : { text: "no help", tone: null },
        words: gainWords(came.gain),
      };
    case "group":
      return { mark: groupMarks[came.verdict], words: gainWords(came.gain) };
    case "screened": {
      const suspects = came.suspects.map(changeWords);
      const noise = `a trial's noise is ${formatPercent(came.noise.deviation)}`;
      return suspects.length === 0
        ? { mark: { text: "none stands out", tone: null }, words: noise }
        : { mark: { text: listWords(suspects), tone: "good" }, words: noise };
    }
    case "confirmed":
      return { mark: confirmedMark(came.gain), words: gainWords(came.gain) };
    case "bisected":
      return { mark: { text: `${came.enough} is enough`, tone: "good" }, words: "" };
  }
}

const groupMarks: Record<"helps" | "none-helps" | "unclear" | "no-setting", { text: string; tone: Tone | null }> = {
  helps: { text: "something helps", tone: "good" },
  "none-helps": { text: "none of them helps", tone: null },
  unclear: { text: "can't be told", tone: "open" },
  "no-setting": { text: "no help", tone: null },
};

function confirmedMark({ by, ratio, better }: Extract<PathStep["came"], { kind: "confirmed" }>["gain"]): {
  text: string;
  tone: Tone | null;
} {
  if (by === "outcome") return { text: "helps", tone: "good" };
  const isBetter = ratio !== null && (better === "higher" ? ratio > 1 : ratio < 1);
  return isBetter ? { text: `${formatFactor(ratio)}x`, tone: "good" } : { text: "no help", tone: null };
}

/** The wall as it moves: each trial by what the first step was told by. */
function pathFigure({ path }: FindResult, trials: TrialRecord[]): Figure[] {
  const [first] = path;
  if (first?.came.kind !== "bound") return [];
  const { measure } = first.came;
  const steps = path.map(({ kind, base, trials: own, ...step }) => ({
    title: pictureTitle({ kind, base, trials: own, ...step }),
    trials: trials
      .filter(({ sequence, valid }) => valid && own.includes(sequence))
      .flatMap((trial): FindPathTrial[] => {
        const value = measureNumber(trial.measures, measure);
        const isBase = trial.find !== null && kind !== "baseline" && isSameArm(trial.find.arm, base);
        return value === null ? [] : [{ value, outcome: trial.outcome, isBase }];
      }),
  }));
  const description = `What each trial came to, by ${measureOf(measure).label}. A bar: a wall or a limit was met there; an arrow: it held, and would have gone on; pale: what was held against.`;
  return [
    {
      kind: "figure",
      title: "The steps, and the wall moving",
      description,
      chart: { kind: "find-path", path: { measure, steps } },
      numbers: null,
      optional: true,
    },
  ];
}

/** What stands beside a step's row: a name has room for so many letters. */
const longestTitle = 26;

function pictureTitle(step: PathStep): string {
  const { came } = step;
  const changes = came.kind === "tried" || came.kind === "confirmed" ? came.changes : [];
  const title = changes.length === 0 ? stepTitles[step.kind] : changes.map(shortWords).join(", ");
  return title.length <= longestTitle ? title : `${title.slice(0, longestTitle - 1)}\u2026`;
}

/** `tcp_tw_reuse=1` */
function shortWords(change: Change): string {
  const name = change.kind === "lever" ? change.name : change.key.slice(change.key.lastIndexOf(".") + 1);
  return `${name}=${change.value}`;
}
