/** The charts themselves: which lines, which marks, which axes. */

import uPlot from "uplot";
import { formatCount } from "../../../core/numbers.ts";
import { formatMilliseconds, formatPercent, formatRate } from "../../../core/units.ts";
import type { PageData, ProfileCharts } from "../../charts/page-data.ts";
import { type DrawnChart, drawFrame } from "./frame.ts";
import { drawBounds, drawLevel, drawMoments } from "./marks.ts";
import { profileColor, profileDash, type Theme } from "./theme.ts";

type Shared = PageData["shared"];

const percent = (value: number) => formatPercent(value / 100);

/** Successes a second of all profiles on one axis. */
export function allThroughput(place: HTMLElement, theme: Theme, { profiles, shared }: PageData): DrawnChart {
  const tables = profiles.map(({ load }): uPlot.AlignedData => [load.seconds, load.successesPerSecond]);
  const y = { range: rateRange(shared), log: false, format: formatRate };
  return drawAllProfiles(place, theme, profiles, shared, tables, y, []);
}

/** Share of the usable ports of all profiles; half is the cliff, all is the wall. */
export function allPorts(place: HTMLElement, theme: Theme, { profiles, shared }: PageData): DrawnChart {
  const tables = profiles.map(({ ports }): uPlot.AlignedData => {
    if (ports === null) return [[], []];
    const used = ports.used.map((value) => (value === null ? null : (100 * value) / ports.usable));
    return [ports.seconds, used];
  });
  const marks = [
    drawLevel(50, "50%: scan cliff", theme.cliff, [5, 3], theme),
    drawLevel(100, "100%: hard wall", theme.fault, [], theme),
  ];
  const y = { range: [0, 118] as [number, number], log: false, format: percent };
  return drawAllProfiles(place, theme, profiles, shared, tables, y, marks);
}

function drawAllProfiles(
  place: HTMLElement,
  theme: Theme,
  profiles: ProfileCharts[],
  shared: Shared,
  tables: uPlot.AlignedData[],
  y: { range: [number, number]; log: boolean; format: (value: number) => string },
  marks: ((chart: uPlot) => void)[],
): DrawnChart {
  const series = profiles.map(({ name, palette }) =>
    line(name, profileColor(theme, palette), y.format, profileDash(palette)),
  );
  const data = uPlot.join(tables);
  return drawFrame({ place, theme, height: 250, seconds: shared.seconds, group: "all", y, series, data, marks });
}

function ofProfile(place: HTMLElement, theme: Theme, { name }: ProfileCharts, { seconds }: Shared) {
  return { place, theme, height: 200, seconds, group: name };
}

/** Successes and faults a second. */
export function throughput(place: HTMLElement, theme: Theme, profile: ProfileCharts, shared: Shared): DrawnChart {
  const { seconds, successesPerSecond, faultsPerSecond } = profile.load;
  const color = profileColor(theme, profile.palette);
  return drawFrame({
    ...ofProfile(place, theme, profile, shared),
    y: { range: rateRange(shared), log: false, format: formatRate },
    series: [
      { ...line("successes", color, formatRate), fill: withAlpha(color, "1f") },
      { ...line("faults", theme.fault, formatRate, [6, 2]), spanGaps: false, fill: withAlpha(theme.fault, "33") },
    ],
    data: [seconds, successesPerSecond, aroundFaults(faultsPerSecond)],
    marks: [drawMoments(profile.moments, theme)],
  });
}

/** Percentiles of successful requests, on a logarithmic axis. */
export function latency(place: HTMLElement, theme: Theme, profile: ProfileCharts, shared: Shared): DrawnChart | null {
  if (shared.latencyMs === null) return null;
  const { seconds, p50Ms, p90Ms, p99Ms, bound } = profile.load;
  const color = profileColor(theme, profile.palette);
  const { low, high } = shared.latencyMs;
  const range: [number, number] = [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high * 3))];
  return drawFrame({
    ...ofProfile(place, theme, profile, shared),
    y: { range, log: true, format: formatMilliseconds },
    series: [
      line("p50", color, formatMilliseconds),
      line("p90", color, formatMilliseconds, [6, 3]),
      line("p99", color, formatMilliseconds, [2, 2]),
    ],
    data: [seconds, p50Ms, p90Ms, p99Ms],
    marks: [drawBounds(seconds, bound, theme), drawMoments(profile.moments, theme)],
  });
}

/** Ports of the target with the two walls. */
export function ports(place: HTMLElement, theme: Theme, profile: ProfileCharts, shared: Shared): DrawnChart | null {
  if (profile.ports === null) return null;
  const { seconds, timeWait, inUse, usable, cliffExpected } = profile.ports;
  const color = profileColor(theme, profile.palette);
  const half = `${cliffExpected ? "cliff" : "half"}: ${formatCount(usable / 2)}`;
  return drawFrame({
    ...ofProfile(place, theme, profile, shared),
    y: { range: [0, usable * 1.35], log: false, format: formatCount },
    series: [line("TIME_WAIT", color, formatCount), looks("ports in use to one destination", theme.ink, formatCount)],
    data: [seconds, timeWait, inUse],
    marks: [
      drawLevel(usable / 2, half, cliffExpected ? theme.cliff : theme.muted, [5, 3], theme),
      drawLevel(usable, `wall: ${formatCount(usable)}`, theme.fault, [], theme),
      drawMoments(profile.moments, theme),
    ],
  });
}

/** Faults with the zeros beside them; elsewhere nothing, so that no line runs along the axis. */
function aroundFaults(faults: number[]): (number | null)[] {
  return faults.map((count, index) => {
    const near = count > 0 || (faults[index - 1] ?? 0) > 0 || (faults[index + 1] ?? 0) > 0;
    return near ? count : null;
  });
}

function line(label: string, stroke: string, format: (value: number) => string, dash: number[] = []): uPlot.Series {
  return {
    label,
    stroke,
    dash,
    width: 1.5,
    spanGaps: true,
    points: { show: false },
    value: (_, value) => (value === null ? "" : format(value)),
  };
}

/** Points without a line between them: what was between two rare looks is not known. */
function looks(label: string, stroke: string, format: (value: number) => string): uPlot.Series {
  return { ...line(label, stroke, format, [2, 3]), paths: () => null, points: { show: true, size: 5, fill: stroke } };
}

function rateRange(shared: Shared): [number, number] {
  return [0, Math.max(1, shared.ratePerSecond * 1.2)];
}

/** Colours of the style sheet are #rrggbb. */
function withAlpha(color: string, alpha: string): string {
  return `${color}${alpha}`;
}
