/**
 * Numbers as every room writes them, in English: thousands grouped, no needless digits. Not by Intl, whose tables take a fifth of
 * `tunebench plan`'s start. What has a unit is written by units.ts.
 */

/** 28232 -> "28,232", 0.5 -> "0.5": at most `digits` after the point. */
export function grouped(value: number, digits = 3): string {
  const [whole = "", fraction] = String(Number(value.toFixed(digits))).split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** Whole: 28,232. */
export function formatCount(value: number): string {
  return grouped(value, 0);
}

/** Three significant digits, and all of a whole number: 0.62, 7.5, 12.3, 391, 7,400. */
export function formatDecimal(value: number): string {
  const size = Math.abs(value);
  return grouped(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.01 ? 2 : 4);
}

/** One digit after the point where there is something before it: 0.62, 7.5, 60, 391. */
export function formatBrief(value: number): string {
  const size = Math.abs(value);
  return size < 1 ? formatDecimal(value) : grouped(value, size >= 99.95 ? 0 : 1);
}

/** A ratio's number where "x" would be one too many, as between brackets: 0.98, 2.10, 12.3, 1,540. */
export function formatFactor(ratio: number): string {
  if (ratio < 0.1 || ratio >= 99.95) return formatDecimal(ratio);
  return ratio.toFixed(ratio >= 9.995 ? 1 : 2);
}

/** 2.10x */
export function formatRatio(ratio: number): string {
  return `${formatFactor(ratio)}x`;
}

/** "0.031", "< 0.001": under a head that says p. */
export function formatProbability(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** "p = 0.031", "p < 0.001" */
export function formatP(p: number): string {
  return `p ${p < 0.001 ? "" : "= "}${formatProbability(p)}`;
}

/** A span for people: 45 s, 4 min 10 s, 25 min, 1 h 5 min. */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 600) return `${Math.floor(whole / 60)} min${whole % 60 === 0 ? "" : ` ${whole % 60} s`}`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? "" : ` ${minutes % 60} min`}`;
}

/** 93.2 MiB, 15.6 GiB */
export function formatBytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${formatDecimal(bytes / 2 ** 20)} MiB` : `${formatDecimal(bytes / 2 ** 30)} GiB`;
}
