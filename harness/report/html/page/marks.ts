/** What is drawn behind the lines: instants as vertical lines, walls as horizontal ones, windows whose latency is a bound. */

import uPlot from "uplot";
import { formatSeconds } from "../../../core/units.ts";
import type { Moment } from "../../charts/page-data.ts";
import { type Draw, fontFamily } from "./frame.ts";
import type { Theme } from "./theme.ts";

const momentNames = {
  cliff: "scan cliff",
  fault: "first fault",
  stop: "stop",
  condition: "condition",
  action: "action",
};

/** Vertical lines with their names, where they have one; names that would touch stand below one another. */
export function drawMoments(moments: Moment[], theme: Theme): Draw {
  return (chart) => {
    let nextFreeX = Number.NEGATIVE_INFINITY;
    let row = 0;
    for (const { kind, seconds, label: own } of moments.toSorted((one, other) => one.seconds - other.seconds)) {
      const x = chart.valToPos(seconds, "x", true);
      const color = {
        cliff: theme.cliff,
        fault: theme.fault,
        stop: theme.muted,
        condition: theme.muted,
        action: theme.cliff,
      }[kind];
      strokeLine(
        chart,
        [x, chart.bbox.top, x, chart.bbox.top + chart.bbox.height],
        color,
        kind === "cliff" || kind === "fault" ? [5, 3] : [2, 3],
      );
      if (own === "") continue;
      const label = `${own ?? momentNames[kind]} ${formatSeconds(seconds)}`;
      const width = (label.length * 6 + 8) * uPlot.pxRatio;
      const toTheLeft = x + width > chart.bbox.left + chart.bbox.width;
      const start = toTheLeft ? x - width : x;
      row = start < nextFreeX ? row + 1 : 0;
      nextFreeX = Math.max(nextFreeX, start + width);
      const y = chart.bbox.top + (10 + 13 * row) * uPlot.pxRatio;
      writeLabel(chart, label, x + (toTheLeft ? -4 : 4) * uPlot.pxRatio, y, color, toTheLeft ? "right" : "left", theme);
    }
  };
}

/** A horizontal line at a value, its name above it at the right. */
export function drawLevel(value: number, label: string, color: string, dash: number[], theme: Theme): Draw {
  return (chart) => {
    const y = chart.valToPos(value, "y", true);
    const { left, width } = chart.bbox;
    strokeLine(chart, [left, y, left + width, y], color, dash);
    writeLabel(chart, label, left + width - 4 * uPlot.pxRatio, y - 5 * uPlot.pxRatio, color, "right", theme);
  };
}

/** Shades the windows in which latency is set by the generator's virtual users. */
export function drawBounds(seconds: number[], bound: boolean[], theme: Theme): Draw {
  return (chart) => {
    const { ctx, bbox } = chart;
    ctx.save();
    ctx.fillStyle = theme.bound;
    for (const [index, isBound] of bound.entries()) {
      if (!isBound) continue;
      const from = chart.valToPos(seconds[index - 1] ?? 0, "x", true);
      const to = chart.valToPos(seconds[index] ?? 0, "x", true);
      ctx.fillRect(Math.round(from), bbox.top, Math.round(to) - Math.round(from), bbox.height);
    }
    ctx.restore();
  };
}

/** An odd width is moved by half a pixel, so that it fills pixels instead of blurring over two. */
function strokeLine(
  { ctx }: uPlot,
  [x1, y1, x2, y2]: [number, number, number, number],
  color: string,
  dash: number[],
): void {
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = Math.max(1, Math.round(uPlot.pxRatio));
  const half = (ctx.lineWidth % 2) / 2;
  ctx.translate(half, half);
  ctx.setLineDash(dash.map((length) => length * uPlot.pxRatio));
  ctx.beginPath();
  ctx.moveTo(Math.round(x1), Math.round(y1));
  ctx.lineTo(Math.round(x2), Math.round(y2));
  ctx.stroke();
  ctx.restore();
}

/** Text with a thin edge of the background's colour, so that it can be read across a line. */
function writeLabel(
  { ctx }: uPlot,
  text: string,
  x: number,
  y: number,
  color: string,
  align: CanvasTextAlign,
  theme: Theme,
): void {
  ctx.save();
  ctx.font = `${11 * uPlot.pxRatio}px ${fontFamily}`;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
  ctx.lineWidth = 3 * uPlot.pxRatio;
  ctx.lineJoin = "round";
  ctx.strokeStyle = theme.surface;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = color;
  ctx.fillText(text, x, y);
  ctx.restore();
}
