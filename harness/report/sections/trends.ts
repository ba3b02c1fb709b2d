import { isOfMachine, type ProfileTrend, type SuiteTrend, type TrendPoint } from "../../analysis/trends.ts";
import { type MeasureName, measureOf } from "../../core/measures.ts";
import { listWords } from "../../core/words.ts";
import { detail, type Figure, type Group, muted, type Piece, type Section, type Table, type Text } from "../blocks.ts";
import type { TrendMark } from "../charts/chart.ts";
import { formatSpread, formatSummary } from "../measures.ts";
import { type ListedRun, stateText } from "../runs/listed-run.ts";
import { ratioPiece, verdictMark } from "./pieces.ts";

/** A suite's runs with what each came to, and each profile's measures from run to run. `number`: its place on the page. */
export function trendSection({ suite, profiles }: SuiteTrend, runs: ListedRun[], number: number): Section {
  const several = runs.length > 1;
  return {
    id: `suite-${number}`,
    title: suite,
    reach: "everywhere",
    blocks: [
      runsTable(suite, runs, profiles),
      ...(several ? [muted(legend)] : []),
      ...(several ? profiles.map((trend, palette) => profileGroup(trend, palette)) : []),
    ],
  };
}

const legend =
  "Each dot is the median of a run's trials, on a line from the lowest to the highest; hollow: only a lower bound. Dashed: a run that is not like the one before it, with what of the machine changed.";

/** The newest first: what is asked of a list of runs is mostly its end. */
function runsTable(suite: string, runs: ListedRun[], profiles: ProfileTrend[]): Table {
  return {
    kind: "table",
    caption: `Runs of ${suite}, the newest first`,
    columns: [
      { title: "run", isName: true },
      { title: "answer", wraps: true },
      { title: "changed", drop: 1, wraps: true },
    ],
    rows: runs
      .toReversed()
      .map((run) => [
        [{ kind: "link", text: run.id, href: `${encodeURIComponent(run.id)}/report.html` }, ...detail(stateText(run))],
        run.verdict ?? "no trial yet",
        changesOf(run, profiles),
      ]),
    notes: [],
  };
}

/** What differs from the run before, over all profiles: "kernel: 6.1 to 6.18". Of long texts the kind alone is told. */
function changesOf(run: ListedRun, profiles: ProfileTrend[]): string {
  const points = profiles.flatMap((trend) => trend.points.filter((point) => point.run === run.id));
  const told = points.flatMap(({ changes }) => changes.map((change) => ({ ...change, machine: isOfMachine(change) })));
  const words = told.map(({ kind, baseline, candidate, machine }) =>
    machine ? `${kind}: ${baseline} to ${candidate}` : kind,
  );
  return listWords([...new Set(words)]);
}

function profileGroup(trend: ProfileTrend, palette: number): Group {
  const name: Piece = { kind: "profile", name: trend.profile, place: palette, caveats: [] };
  return { kind: "group", title: name, blocks: trend.measures.map((measure) => figureOf(trend, measure, palette)) };
}

function figureOf({ profile, points }: ProfileTrend, measure: MeasureName, palette: number): Figure {
  const { label, better } = measureOf(measure);
  return {
    kind: "figure",
    title: label,
    description: `of ${profile}, run by run; ${better} is better.`,
    chart: { kind: "trend", measure, palette, marks: points.map((point) => markOf(point, measure)) },
    numbers: numbersOf(profile, points, measure),
    optional: false,
  };
}

function markOf({ startedAt, measures, changes }: TrendPoint, measure: MeasureName): TrendMark {
  const summary = measures[measure];
  const machine = changes.filter(isOfMachine).map(({ kind }) => kind);
  return {
    label: startedAt.slice(5, 10),
    value:
      summary === undefined
        ? null
        : { median: summary.median, low: summary.low, high: summary.high, isBound: summary.medianIsBound },
    change: changes.length === 0 ? null : machine.join(", "),
  };
}

function numbersOf(profile: string, points: TrendPoint[], measure: MeasureName): Table {
  const compared = points.some(({ versusBaseline }) => versusBaseline[measure] !== undefined);
  return {
    kind: "table",
    caption: `${measureOf(measure).label} of ${profile} in each run`,
    columns: [
      { title: "started" },
      { title: "median", numeric: true },
      ...(compared ? [{ title: "vs baseline" }, { title: "verdict", brief: "" }] : []),
      { title: "changed", drop: 1, wraps: true },
    ],
    rows: points.map((point) => [
      point.startedAt.slice(0, 16).replace("T", " "),
      [formatSummary(measure, point.measures[measure]), ...detail(formatSpread(measure, point.measures[measure]))],
      ...(compared ? versusCells(point, measure) : []),
      listWords(point.changes.map(({ kind }) => kind)),
    ]),
    notes: [],
  };
}

function versusCells({ versusBaseline }: TrendPoint, measure: MeasureName): Text[] {
  const versus = versusBaseline[measure];
  return versus === undefined ? ["-", "-"] : [[ratioPiece(versus)], [verdictMark(versus.verdict)]];
}
