import { measureOf } from "../../core/measures.ts";
import { formatCount } from "../../core/numbers.ts";
import { formatMilliseconds, formatPercent, formatRate } from "../../core/units.ts";
import { type Block, type Figure, muted, type Piece, type Section } from "../blocks.ts";
import type { Chart } from "../charts/chart.ts";
import type { FittedCharts } from "../charts/chart-data.ts";
import type { HeatStrip, PageData, ProfileCharts } from "../charts/page-data.ts";
import { describeSettings } from "../profile-settings.ts";
import type { ReportInput, TrialSeries } from "../report-input.ts";
import { describeChoice } from "../representative.ts";
import { outcomeTone } from "./comparison.ts";
import { profilePiece } from "./pieces.ts";

/** The charts: all profiles on one axis first, then each profile's own. */
export function overTimeSections(input: ReportInput, { data, thinnedTo }: FittedCharts): Section[] {
  const drawn = new Set(data.profiles.map(({ name }) => name));
  const missing = input.analysis.profiles.map(({ name }) => name).filter((name) => !drawn.has(name));
  const blocks: Block[] = [
    ...(drawn.size === 0 ? [] : sharedFigures(data)),
    ...(missing.length === 0 ? [] : [muted(describeAbsent(missing))]),
    ...(thinnedTo === null ? [] : [muted(thinnedNote(thinnedTo))]),
  ];
  const all: Section = { id: "over-time", title: "Over time, all profiles", reach: "page", blocks };
  return [all, ...data.profiles.flatMap((charts, index) => profileSection(input, charts, index, data))];
}

function describeAbsent(names: string[]): string {
  return `No charts of ${names.join(", ")}: ${names.length === 1 ? "it has" : "they have"} no valid trial.`;
}

function thinnedNote(points: number): string {
  return `Series are thinned to at most ${points} points each for this page; the trials' folders hold all of them.`;
}

function sharedFigures(data: PageData): Figure[] {
  const ports =
    "Share of the usable ports to the busiest destination; connect() begins to scan at half, and fails at all.";
  return [
    figure("Successful requests a second", describeAll(data), { kind: "all-throughput" }),
    ...(data.profiles.every((one) => one.ports === null)
      ? []
      : [figure("Use of the target's ports", ports, { kind: "all-ports" })]),
  ];
}

function figure(title: string, description: string, chart: Chart): Figure {
  return { kind: "figure", title, description, chart, numbers: null, optional: false };
}

function describeAll({ profiles }: PageData): string {
  const peaks = profiles.map(
    ({ name, load }) => `${name} peaks at ${formatRate(Math.max(0, ...load.successesPerSecond))}`,
  );
  return `${peaks.join(", ")}.`;
}

function profileSection(input: ReportInput, charts: ProfileCharts, profile: number, data: PageData): Section[] {
  const series = input.series.find(({ trial }) => trial.profile === charts.name);
  const record = input.run.profiles.find(({ name }) => name === charts.name);
  if (series === undefined) return [];
  const { outcome } = series.trial;
  const settings = record === undefined ? [] : describeSettings(record);
  return [
    {
      id: `profile-${profile}`,
      title: [
        profilePiece(input.analysis, charts.name),
        " ",
        { kind: "mark", text: outcome, tone: outcomeTone(outcome), pill: true },
      ],
      reach: "page",
      blocks: [
        muted([
          ...settings.flatMap((text): Piece[] => [{ kind: "code", text }, " "]),
          `Shown: ${describeChoice(series.trial, input.trials)}.`,
        ]),
        figure("Throughput", describeThroughput(series), { kind: "throughput", profile }),
        figure("Latency of successful requests", describeLatency(series, charts), { kind: "latency", profile }),
        ...(charts.ports === null
          ? []
          : [figure("Ports of the target", describePorts(series), { kind: "ports", profile })]),
        ...charts.heat.map((strip, place) => heatFigure(strip, profile, place, data.shared.seconds)),
        ...notDrawn(charts).map(muted),
      ],
    },
  ];
}

/** What a reader may look for and why it is not there. */
function notDrawn({ ports, heat }: ProfileCharts): string[] {
  const interrupts = heat.some(({ work }) => work === "interrupts");
  return [
    ...(ports === null ? ["The target was seen with no outgoing connection: it uses no port of its range."] : []),
    ...(interrupts ? [] : ["No interrupt of a network device was counted: a virtual link raises none."]),
  ];
}

function describeThroughput({ trial }: TrialSeries): string {
  const sustained = trial.measures.sustainedPerSecond;
  const served = `${formatCount(trial.successes)} served${sustained === null ? "" : `, ${measureOf("sustainedPerSecond").label} ${formatRate(sustained)}`}`;
  const faults = trial.faults.map(({ kind, side, count }) => `${formatCount(count)} ${kind} (${side})`);
  return `${served}; ${faults.length === 0 ? "no fault" : faults.join(", ")}.`;
}

function describeLatency({ trial }: TrialSeries, { load }: ProfileCharts): string {
  const { latencyMs: before, latencyAfterCliffMs: after } = trial.measures;
  const upTo =
    before === null
      ? "not measured"
      : `p50 ${formatMilliseconds(before.p50)}, p99 ${formatMilliseconds(before.p99)} up to the first wall`;
  const bound = after?.lowerBound === true ? ">= " : "";
  const then = after === null ? "" : `; after the cliff p50 ${bound}${formatMilliseconds(after.p50)}`;
  const shaded = load.bound.some(Boolean)
    ? " Shaded: iterations were dropped, latency there is set by the generator's virtual users."
    : "";
  return `${upTo}${then}.${shaded}`;
}

function describePorts({ trial }: TrialSeries): string {
  const evidence = trial.evidence.ports.find(({ role }) => role === "target");
  if (evidence === undefined) return "";
  const { destination, peakInUse, usable } = evidence;
  const peak = `At most ${formatCount(peakInUse)} of ${formatCount(usable)} (${formatPercent(peakInUse / usable)})`;
  const to = destination === null ? "" : ` to ${destination.name ?? destination.address} port ${destination.port}`;
  return `${peak}${to}.`;
}

const heatTitles = {
  interrupts: "Interrupts of network devices by CPU",
  softirqs: "NET_RX softirqs by CPU",
  busy: "Busy time by CPU",
};

function heatFigure(strip: HeatStrip, profile: number, place: number, seconds: number): Figure {
  const cpus = strip.perSecond.length;
  return figure(heatTitles[strip.work], describeHeat(strip), { kind: "heat", profile, strip: place, cpus, seconds });
}

function describeHeat({ work, perSecond, peakPerSecond }: HeatStrip): string {
  if (work === "busy") return `At most ${formatPercent(Math.min(1, peakPerSecond / 1000))} of one CPU.`;
  const totals = perSecond.map((values) => values.reduce((sum, value) => sum + value, 0));
  const total = totals.reduce((sum, value) => sum + value, 0);
  const busiest = totals.indexOf(Math.max(...totals));
  const share = formatPercent((totals[busiest] ?? 0) / total);
  return `CPU ${busiest} did ${share}; most on one CPU: ${formatRate(peakPerSecond)}.`;
}
