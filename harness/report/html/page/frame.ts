/** What all charts have in common: a time axis in seconds, quiet axes, a legend that shows values under the cursor. */
import uPlot from "uplot";
import type { Theme } from "./theme.ts";

export type Chart = uPlot;
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

export function drawFrame(frame: Frame): Chart {
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
    axes: [axis(theme, (value) => `${value} s`, 50, 26), yAxis(frame)],
    series: [{ label: "time", value: (_, value) => (value === null ? "" : `${value.toFixed(1)} s`) }, ...series],
    cursor: {
      drag: { x: false, y: false, setScale: false },
      points: { size: 5 },
      sync: { key: frame.group, scales: ["x", null], setSeries: false },
    },
    legend: { markers: { width: 1, dash: (chart, index) => borderStyle(chart.series[index]?.dash) } },
    hooks: { drawAxes: marks },
  };
  return new uPlot(options, data, place);
}

function borderStyle(dash: number[] | undefined): string {
  if (dash === undefined || dash.length === 0) return "solid";
  return (dash[0] ?? 0) <= 3 ? "dotted" : "dashed";
}

/** On a logarithmic axis only powers of ten are marked. */
function yAxis({ theme, y }: Frame): uPlot.Axis {
  const shown = axis(theme, y.format, 34, 66);
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
