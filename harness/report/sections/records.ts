import { measureNames, measureOf } from "../../core/measures.ts";
import { formatCount, formatDecimal } from "../../core/numbers.ts";
import { formatPercent, formatSeconds } from "../../core/units.ts";
import { leastDisturbed } from "../../results/disturbance.ts";
import type { SysctlReading, TrialRecord } from "../../results/trial.ts";
import { type Block, detail, muted, type Section, type Text } from "../blocks.ts";
import { formatSpread, formatSummary } from "../measures.ts";
import type { ReportInput } from "../report-input.ts";
import { invalidWords } from "../words/invalid-reasons.ts";
import { stopWords } from "../words/stop-reasons.ts";
import { profilePiece } from "./pieces.ts";

/** What the answer is made of, for who wants to see all of it. */

/** Every measure of every profile: median, and lowest to highest where there are several trials. */
export function measuresSection({ analysis }: ReportInput): Section {
  const names = measureNames.filter((name) => analysis.profiles.some(({ measures }) => measures[name] !== undefined));
  const noisy = names.some((name) => (analysis.noise[name] ?? null) !== null);
  const columns = [
    { title: "measure" },
    ...analysis.profiles.map(({ name }) => ({ title: name, isName: true, numeric: true })),
    ...(noisy ? [{ title: "largest spread over blocks", numeric: true }] : []),
  ];
  const measured = names.map((name): Text[] => [
    measureOf(name).label,
    ...analysis.profiles.map(
      ({ measures }): Text => [formatSummary(name, measures[name]), ...detail(formatSpread(name, measures[name]))],
    ),
    ...(noisy ? [shareOf(analysis.noise[name])] : []),
  ]);
  const rows = [...measured, ...cpuRows({ analysis })];
  return section("measures", "All measures", [
    { kind: "table", caption: "Median over the valid trials of each profile", columns, rows, notes: [] },
  ]);
}

function shareOf(variation: number | null | undefined): string {
  return variation == null ? "-" : formatPercent(variation);
}

function cpuRows({ analysis }: Pick<ReportInput, "analysis">): Text[][] {
  const roles = [...new Set(analysis.profiles.flatMap(({ cpuCores }) => Object.keys(cpuCores)))];
  return roles.map((role) => [
    `CPU cores of ${role}`,
    ...analysis.profiles.map(({ cpuCores }) => {
      const cores = cpuCores[role];
      return cores === undefined ? "-" : formatDecimal(cores);
    }),
  ]);
}

function section(id: string, title: string, blocks: Block[]): Section {
  return { id, title, reach: "page", blocks };
}

const originWords = {
  profile: "the profile asks for it",
  pinned: "set for every trial: its default depends on memory",
  recorded: "only recorded",
};

/** Settings as asked, as found before, just after writing and after the load; what profiles share stands once. null where none was read. */
export function settingsSection({ trials, analysis }: ReportInput): Section | null {
  const rows = sharedReadings(trials).map(({ reading, profiles }): Text[] => [
    { kind: "code", text: reading.key },
    reading.role,
    profiles.length > 1 && profiles.length === analysis.profiles.length
      ? "all profiles"
      : profiles.flatMap((profile) => [profilePiece(analysis, profile), " "]),
    reading.asked ?? { kind: "muted", text: "not asked" },
    reading.before ?? "?",
    effectiveCell(reading),
    reading.after ?? "?",
    originWords[reading.origin],
  ]);
  if (rows.length === 0) return null;
  const titles = [
    "key",
    "namespace of",
    "profiles",
    "asked",
    "before",
    "effective",
    "after the load",
    "why it is here",
  ];
  const columns = titles.map((title) => ({ title }));
  const caption = "Read inside the namespaces; ? could not be read";
  return section("settings", "Settings", [{ kind: "table", caption, columns, rows, notes: [] }]);
}

function effectiveCell({ asked, effective }: SysctlReading): Text {
  if (asked === null || asked === effective) return effective ?? "?";
  return { kind: "mark", text: `${effective ?? "?"} (did not take)`, tone: "bad" };
}

const originOrder = { profile: 0, pinned: 1, recorded: 2 };

/** Readings that are alike in role, key and values, with the profiles in whose trials they were made. */
function sharedReadings(trials: TrialRecord[]): { reading: SysctlReading; profiles: string[] }[] {
  const readings = trials.flatMap(({ profile, sysctls }) => sysctls.map((reading) => ({ profile, reading })));
  const alike = Map.groupBy(readings, ({ reading: { role, key, asked, before, effective, after, origin } }) =>
    JSON.stringify([role, key, asked, before, effective, after, origin]),
  );
  return [...alike.values()]
    .flatMap((same) => {
      const [first] = same;
      return first === undefined
        ? []
        : [{ reading: first.reading, profiles: [...new Set(same.map(({ profile }) => profile))] }];
    })
    .toSorted((one, other) => originOrder[one.reading.origin] - originOrder[other.reading.origin]);
}

/** Every trial in the order it ran, with what ended it and why it may not count. */
export function trialsSection(input: ReportInput): Section {
  const { trials, run, analysis } = input;
  const inCluster = run.provenance.environment.kubernetes !== null;
  const columns = [
    { title: "trial" },
    { title: "block", numeric: true },
    ...["profile", "valid", "outcome", "stopped by"].map((title) => ({ title })),
    ...["successes", "faults", "load", "around it"].map((title) => ({ title, numeric: true })),
    ...(inCluster ? [{ title: "node" }] : []),
  ];
  const rows = trials.map((trial): Text[] => [
    String(trial.sequence),
    placeWords(trial),
    profilePiece(analysis, trial.profile),
    trial.valid
      ? validWords(trial, input)
      : [{ kind: "mark", text: "no", tone: "bad" }, `: ${invalidWords(trial.invalidReason)}`],
    `${trial.outcome}${trial.generator.bound ? " (generator-bound)" : ""}`,
    describeStop(trial),
    formatCount(trial.successes),
    formatCount(trial.faults.reduce((sum, { count }) => sum + count, 0)),
    formatSeconds(trial.loadSeconds),
    formatSeconds(trial.overheadSeconds),
    ...(inCluster ? [trial.platform?.node ?? "-"] : []),
  ]);
  const caption = `${trials.length} trials; ${run.order.length} places planned, seed ${run.seed}`;
  return section("trials", "Trials", [{ kind: "table", caption, columns, rows, notes: [] }]);
}

/** Of valid trials of one place one counts; the others are shown, and why they don't. */
function validWords(trial: TrialRecord, { trials }: ReportInput): string {
  const same = trials.filter(
    ({ valid, block, profile, purpose }) =>
      valid && block === trial.block && profile === trial.profile && purpose === trial.purpose,
  );
  if (trial.step !== null || leastDisturbed(same) === trial) return "yes";
  return "yes, but others disturbed it more than the trial that counts";
}

/** "3", "3, attempt 2", "13, recheck". */
function placeWords({ block, attempt, purpose }: TrialRecord): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : "";
  return `${block}${purpose === "recheck" ? ", recheck" : ""}${again}`;
}

function describeStop({ stoppedBy }: TrialRecord): string {
  if (stoppedBy === null) return "-";
  return `${stoppedBy.criterion} at ${formatSeconds(stoppedBy.atSeconds)}: ${stopWords(stoppedBy)}`;
}

/** How much of the parts' last words a page shows: enough to see why, never a whole log. */
const shownWords = { trials: 20, lines: 20, characters: 400 };

/** Last lines of parts that ended unasked; null where none did. */
export function lastWordsSection({ trials }: ReportInput): Section | null {
  const spoken = trials.flatMap((trial) =>
    Object.entries(trial.lastWords)
      .filter(([, lines]) => lines.length > 0)
      .map(([role, lines]) => ({ trial, role, lines })),
  );
  if (spoken.length === 0) return null;
  const left = spoken.length - shownWords.trials;
  const groups = spoken.slice(0, shownWords.trials).map(
    ({ trial, role, lines }): Block => ({
      kind: "group",
      title: `${role}, trial ${trial.sequence} (${trial.profile})`,
      blocks: [
        {
          kind: "quotation",
          lines: lines.slice(-shownWords.lines).map((line) => line.slice(0, shownWords.characters)),
        },
      ],
    }),
  );
  const more = left > 0 ? [muted(`${left} more are in the trials' folders.`)] : [];
  return section("last-words", "Last words of parts that ended", [...groups, ...more]);
}
