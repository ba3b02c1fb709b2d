import { counted } from "../core/words.ts";
import type { Report, Section } from "./blocks.ts";
import type { FittedCharts } from "./charts/chart-data.ts";
import type { ReportInput } from "./report-input.ts";
import { runState } from "./run-state.ts";
import { caveatsSection } from "./sections/caveats.ts";
import { comparisonSection } from "./sections/comparison.ts";
import { conditionsSection } from "./sections/conditions.ts";
import { factorEffectsSection, profileEffectsSection } from "./sections/effects.ts";
import { environmentSection } from "./sections/environment.ts";
import { findPathSection } from "./sections/find-path.ts";
import { findingsSection } from "./sections/findings.ts";
import { foundSection } from "./sections/found.ts";
import { goalsSection } from "./sections/goals.ts";
import { overTimeSections } from "./sections/over-time.ts";
import { lastWordsSection, measuresSection, settingsSection, trialsSection } from "./sections/records.ts";
import { scriptSection } from "./sections/script.ts";
import { searchSection } from "./sections/search.ts";
import { sizingSection } from "./sections/sizing.ts";
import { calibrationSection, verdictsSection } from "./sections/verdicts.ts";
import { wallsSection } from "./sections/walls.ts";
import { profilesWords } from "./words/ratios.ts";
import { verdictOf } from "./words/verdict.ts";

/** All that is said of a run, in its order: the answer, what it rests on, what must be kept in mind, and the records. `charts`: for formats that draw. */
export function runReport(input: ReportInput, charts: FittedCharts | null = null): Report {
  const { run, analysis } = input;
  const { headline, why, effects } = verdictOf(run, analysis);
  const state = runState(input);
  const sections: (Section | null)[] = [
    findPathSection(input),
    foundSection(input),
    run.experiment.kind === "search" ? searchSection(input) : comparisonSection(input),
    goalsSection(analysis),
    conditionsSection(input),
    sizingSection(input),
    scriptSection(analysis),
    findingsSection(analysis),
    profileEffectsSection(analysis, effects),
    factorEffectsSection(input),
    calibrationSection(analysis) ?? verdictsSection(analysis),
    wallsSection(input),
    caveatsSection(analysis),
    ...(charts === null ? [] : overTimeSections(input, charts)),
    measuresSection(input),
    settingsSection(input),
    trialsSection(input),
    lastWordsSection(input),
    environmentSection(input),
  ];
  return {
    title: run.suite,
    facts: [
      `${profilesWords(analysis.profiles)}, ${counted(analysis.blocks, "block")}`,
      `${run.startedAt.slice(0, 16).replace("T", " ")} UTC`,
      `tunebench ${run.provenance.tunebench}`,
    ],
    headline,
    tone: null,
    lead: why,
    notices: state === null ? [] : [state],
    sections: sections.filter((section) => section !== null),
  };
}
