import type { Analysis, Comparison } from "../../analysis/analysis.ts";
import { measureOf } from "../../core/measures.ts";
import { formatProbability } from "../../core/numbers.ts";
import { formatPercent } from "../../core/units.ts";
import type { Section, Text } from "../blocks.ts";
import { reasonWords } from "../words/reasons.ts";
import { profilePiece, ratioPiece, verdictMark } from "./pieces.ts";

/** Every judged measure of every profile with the noise beside it; null with one block, where nothing can be decided. */
export function verdictsSection(analysis: Analysis): Section | null {
  if (analysis.blocks < 2) return null;
  const judged = analysis.profiles.flatMap(({ name, versusBaseline }) =>
    analysis.judged.flatMap(({ name: measure }) => {
      const comparison = versusBaseline[measure];
      return comparison === undefined ? [] : [{ name, measure: measureOf(measure).short, comparison }];
    }),
  );
  if (judged.length === 0) return null;
  const isExplained = judged.some(({ comparison }) => comparison.reason !== null);
  const rows = judged.map(({ name, measure, comparison }): Text[] => {
    const { p, noiseFloor, minimumDetectable, verdict, reason } = comparison;
    return [
      profilePiece(analysis, name),
      measure,
      ratioPiece(comparison),
      p === null ? "-" : formatProbability(p),
      share(noiseFloor),
      share(minimumDetectable),
      verdictMark(verdict),
      ...(isExplained ? [reason === null ? "" : reasonWords(reason)] : []),
    ];
  });
  const columns = [
    { title: "profile" },
    { title: "measure" },
    { title: "vs baseline" },
    { title: "p", numeric: true, drop: 1 },
    { title: "noise", numeric: true },
    { title: "finds", numeric: true },
    { title: "verdict", brief: "" },
    ...(isExplained ? [{ title: "why", drop: 2 }] : []),
  ];
  const adjusted = judged.length === 1 ? [] : [`p is adjusted for all ${judged.length} comparisons.`];
  const notes = [...adjusted, ...noiseNotes(analysis)];
  return {
    id: "verdicts",
    title: "Verdicts",
    reach: "everywhere",
    blocks: [{ kind: "table", caption: "Every judged measure", columns, rows, notes }],
  };
}

function share(value: number | null): string {
  return value === null ? "-" : formatPercent(value);
}

/** What noise and the smallest difference say and where they are from; [] where no noise is known. */
function noiseNotes({ profiles }: Analysis): string[] {
  const sources = new Set(profiles.flatMap(({ versusBaseline }) => Object.values(versusBaseline).map(sourceOf)));
  const named = [...sources].filter((source) => source !== null);
  if (named.length === 0) return [];
  return [
    "Noise: identical profiles give a ratio closer to 1 than this in 95 of 100 such runs.",
    "Finds: the smallest true difference that 80 of 100 such runs call better or worse.",
    `Both by ${named.join(" and ")}.`,
  ];
}

function sourceOf({ noiseSource, noisePairs }: Comparison): string | null {
  if (noiseSource === null) return null;
  if (noiseSource === "own blocks") return "how much this run's own blocks differ";
  return `calibration ${noiseSource} (${noisePairs} pairs)`;
}

/** What runs of different sizes can tell, by a calibration; null for a run that is none. */
export function calibrationSection({ calibration }: Analysis): Section | null {
  if (calibration === null) return null;
  const rows = calibration.measures.flatMap(({ measure, rows }) =>
    rows.map(({ blocks, noiseFloor, minimumDetectable, sameWithin }): Text[] => [
      measureOf(measure).label,
      String(blocks),
      share(noiseFloor),
      share(minimumDetectable),
      share(sameWithin),
    ]),
  );
  const numbers = ["blocks", "noise", "finds", "same within"].map((title) => ({ title, numeric: true }));
  const columns = [{ title: "measure" }, ...numbers];
  const caption = "What runs of different sizes can tell";
  return {
    id: "calibration",
    title: "Calibration",
    reach: "everywhere",
    blocks: [{ kind: "table", caption, columns, rows, notes: calibrationNotes }],
  };
}

const calibrationNotes = [
  "Noise: identical profiles give a ratio closer to 1 than this in 95 of 100 runs of so many blocks.",
  "Finds: the smallest true difference that 80 of 100 call better or worse, with the suite's tolerance.",
  "Same within: the smallest tolerance within which 80 of 100 call identical profiles the same.",
  "For one profile; twice as many comparisons need one more block.",
];
