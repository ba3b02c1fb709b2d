/** A strip of one row per CPU: the darker (by day) or brighter (by night), the more work in that moment. */
import type { HeatStrip } from "../../charts/page-data.ts";
import type { Theme } from "./theme.ts";

export function drawHeat(canvas: HTMLCanvasElement, theme: Theme, strip: HeatStrip, seconds: number): void {
  const rows = strip.perSecond.length;
  const scale = devicePixelRatio;
  const width = 900;
  const height = rows * (rows <= 16 ? 20 : 6);
  canvas.style.height = `${height}px`;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  if (context === null || seconds <= 0) return;
  const full = strip.work === "busy" ? 1000 : strip.peakPerSecond;
  const x = (time: number) => Math.round((Math.max(0, time) / seconds) * canvas.width);
  const y = (row: number) => Math.round((row / rows) * canvas.height);
  for (const [row, values] of strip.perSecond.entries()) {
    for (const [step, value] of values.entries()) {
      const [left, right] = [x(strip.edges[step] ?? 0), x(strip.edges[step + 1] ?? 0)];
      context.fillStyle = mix(theme.heatLow, theme.heatHigh, value / full);
      context.fillRect(left, y(row), right - left, Math.max(1, y(row + 1) - y(row) - (rows <= 16 ? scale : 0)));
    }
  }
}

/** Between two #rrggbb colours. */
function mix(low: string, high: string, share: number): string {
  const channel = (color: string, start: number) => Number.parseInt(color.slice(start, start + 2), 16);
  const parts = [1, 3, 5].map((start) => {
    const [from, to] = [channel(low, start), channel(high, start)];
    return Math.round(from + (to - from) * Math.min(1, Math.max(0, share)));
  });
  return `rgb(${parts.join(" ")})`;
}
