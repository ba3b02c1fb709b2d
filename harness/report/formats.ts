/** Numbers as every renderer shows them, so that one number looks the same everywhere. Text is English, units follow. */
import { shown } from "../diagnose/rule.ts";

/** 28,232 */
export function formatCount(value: number): string {
  return shown(value);
}

/** About three significant digits, thousands grouped: 0.62, 7.5, 12.3, 391, 7,400. */
export function formatDecimal(value: number): string {
  const size = Math.abs(value);
  const decimals = size >= 99.95 || size === 0 ? 0 : size >= 9.995 ? 1 : size >= 0.01 ? 2 : 4;
  return shown(value, decimals);
}

/** 0.62 ms */
export function formatMilliseconds(ms: number): string {
  return `${formatDecimal(ms)} ms`;
}

/** 7.5 s */
export function formatSeconds(seconds: number): string {
  const decimals = Math.abs(seconds) >= 100 ? 0 : 1;
  return `${shown(seconds, decimals)} s`;
}

/** 2,998/s */
export function formatRate(perSecond: number): string {
  return `${Math.abs(perSecond) < 10 ? formatDecimal(perSecond) : formatCount(perSecond)}/s`;
}

/** A fraction as 50% or 99.8%. */
export function formatPercent(fraction: number): string {
  return `${shown(fraction * 100, 1)}%`;
}

/** 2.10x; large ones without needless digits: 12.3x, 154x. */
export function formatRatio(ratio: number): string {
  return `${ratio.toFixed(ratio >= 100 ? 0 : ratio >= 10 ? 1 : 2)}x`;
}

/** p = 0.031, p < 0.001 */
export function formatP(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
}

/** A span for people: 45 s, 4 min 10 s, 1 h 5 min. */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 === 0 ? "" : ` ${whole % 60} s`}`;
  const minutes = Math.round((whole % 3600) / 60);
  return `${Math.floor(whole / 3600)} h${minutes === 0 ? "" : ` ${minutes} min`}`;
}

/** 15.6 GiB */
export function formatGibibytes(bytes: number): string {
  return `${formatDecimal(bytes / 2 ** 30)} GiB`;
}
