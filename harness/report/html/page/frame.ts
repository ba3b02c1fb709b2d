/** What all charts have in common: a time axis in seconds, quiet axes, a legend that shows values under the cursor. */

import uPlot from "uplot";
import { formatSeconds } from "../../../core/units.ts";
import type { Theme } from "./theme.ts";

export type DrawnChart = uPlot;
export type Draw = (chart: uPlot) => void;

export interface Frame {
  place: HTMLElement;
  theme: Theme;
  height: number;
  /** End of the time axis. */
  seconds: number;
  /** Charts of one group share their cursor. */
  group: string;
  y: { range: [number, number]; log: boolean; format: (value: number) => string };
  series: uPlot.Series[];
  data: uPlot.AlignedData;
  /** Drawn below the lines, in this order. */
  marks: Draw[];
}

export const fontFamily = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export function drawFrame(frame: Frame): DrawnChart {
  const { place, theme, height, data, series, marks } = frame;
  place.replaceChildren();
  const options: uPlot.Options = {
    width: Math.max(200, place.clientWidth),
    height,
    padding: [12, 10, 0, 0],
    scales: {
      x: { time: false, range: [0, frame.seconds] },
      y: { range: frame.y.range, distr: frame.y.log ? 3 : 1 },
    },
    axes: [axis(theme, formatSeconds, 50, 26), yAxis(frame)],
    series: [{ label: "time", value: (_, value) => (value === null ? "" : formatSeconds(value)) }, ...series],
    cursor: {
      drag: { x: false, y: false, setScale: false },
      points: { size: 5 },
      sync: { key: frame.group, scales: ["x", null], setSeries: false },
    },
    legend: { markers: { width: 0, fill: (_, index) => markerOf(series[index - 1], theme) } },
    hooks: { drawAxes: marks },
  };
  return new uPlot(options, data, place);
}

/** A piece of the line, dashes and all, as a background. */
function markerOf(series: uPlot.Series | undefined, theme: Theme): string {
  const color = typeof series?.stroke === "string" ? series.stroke : theme.muted;
  const [on = 0, off = 0] = series?.dash ?? [];
  return on === 0 ? color : `repeating-linear-gradient(90deg, ${color} 0 ${on}px, transparent ${on}px ${on + off}px)`;
}

/** On a logarithmic axis only powers of ten are marked. */
function yAxis({ theme, y }: Frame): uPlot.Axis {
  const shown = axis(theme, y.format, 34, 74);
  if (!y.log) return shown;
  const [low, high] = y.range.map((bound) => Math.round(Math.log10(bound)));
  const decades = Array.from({ length: (high ?? 0) - (low ?? 0) + 1 }, (_, index) => 10 ** ((low ?? 0) + index));
  return { ...shown, splits: () => decades };
}

function axis(theme: Theme, format: (value: number) => string, space: number, size: number): uPlot.Axis {
  const line = { stroke: theme.grid, width: 1 };
  return {
    stroke: theme.muted,
    font: `11px ${fontFamily}`,
    grid: line,
    ticks: { ...line, size: 4 },
    gap: 4,
    space,
    size,
    values: (_, splits) => splits.map((split) => (split === null ? "" : format(split))),
  };
}
