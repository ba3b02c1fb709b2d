import { formatBrief, formatCount, formatDecimal, grouped } from "./numbers.ts";

/**
 * Quantities with their units: as people write them in a suite, and as every page writes them. A parser returns null for what it
 * does not understand; where a unit decides a number's meaning, a bare number is not taken.
 */

/** Requests a second: "3000/s". Whole numbers, since k6's arrival rates are whole. */
export const ratePattern = /^[1-9][0-9]{0,5}\/s$/;
/** A time: "500ms", "60s", "1.5s", "2m". */
export const durationPattern = new RegExp(`^(?!0+(\\.0+)?[ms])(?!0+\\.[0-4][0-9]*ms)${timeWithin24Hours()}$`);
/** The same, and the start itself: "0s". */
export const momentPattern = new RegExp(`^(?!0+\\.(?!0+m)[0-4][0-9]*ms)${timeWithin24Hours()}$`);
/** A share in per cent: "5%", "0.5%". */
export const percentPattern = /^(?!0+(\.0+)?%)(0?[0-9]{1,2}(\.[0-9]{1,4})?|100(\.0{1,4})?)%$/;

/** What a message says about each form. */
export const rateAllowed = "requests a second with their unit, a whole number from 1/s to 999999/s, such as 3000/s";
export const durationAllowed = "a time with its unit, such as 500ms, 60s or 2m (more than 0, at most 24 hours: 1440m)";
export const momentAllowed = "a time with its unit, such as 0s, 500ms or 3s (at most 24 hours: 1440m)";
export const ratioAllowed = "a share such as 5% or 0.05 (more than 0; a bare number stays below 1)";

/** What a plain number is of. */
export type Unit = "ms" | "s" | "1/s" | "fraction" | "count";

/** How a unit is read and written. */
interface UnitForm {
  /** What a message calls a number of it, and how one may be written. */
  name: string;
  examples: string[];
  /** A limit as a suite writes it, the unit behind it or left out; null for what is none. */
  parse: (text: string) => number | null;
  /** Stands behind a number that was multiplied by `times`, of which `digits` keeps those that can be known. */
  suffix: string;
  times: number;
  digits: (value: number) => string;
}

export const units: Record<Unit, UnitForm> = {
  ms: {
    name: "of ms",
    examples: ["50", "3s"],
    parse: (text) => positive(text) ?? parseDurationMs(text),
    suffix: " ms",
    times: 1,
    digits: formatDecimal,
  },
  s: {
    name: "of seconds",
    examples: ["3", "500ms"],
    parse: (text) => positive(text) ?? secondsOf(text),
    suffix: " s",
    times: 1,
    digits: formatBrief,
  },
  "1/s": {
    name: "a second",
    examples: ["490", "490/s"],
    parse: (text) => positive(text.replace(/\/s$/, "")),
    suffix: "/s",
    times: 1,
    digits: formatDecimal,
  },
  fraction: {
    name: "that is a share",
    examples: ["0.001", "0.1%"],
    parse: share,
    suffix: "%",
    times: 100,
    digits: formatBrief,
  },
  count: { name: "of them", examples: ["10000"], parse: positive, suffix: "", times: 1, digits: formatCount },
};

/** A measured value: 7.5 s, 0.62 ms, 2,998/s, 99.8%, 28,232. */
export function formatQuantity(value: number, unit: Unit): string {
  const { suffix, times, digits } = units[unit];
  return `${digits(value * times)}${suffix}`;
}

/** A value that somebody chose, with all its digits: 490.5/s, 12.25%, 1,500 ms. */
export function formatChosen(value: number, unit: Unit): string {
  const { suffix, times } = units[unit];
  return `${grouped(value * times, 6)}${suffix}`;
}

/** 0.62 ms */
export function formatMilliseconds(ms: number): string {
  return formatQuantity(ms, "ms");
}

/** 7.5 s */
export function formatSeconds(seconds: number): string {
  return formatQuantity(seconds, "s");
}

/** 2,998/s */
export function formatRate(perSecond: number): string {
  return formatQuantity(perSecond, "1/s");
}

/** A fraction as 50% or 99.8%. */
export function formatPercent(fraction: number): string {
  return formatQuantity(fraction, "fraction");
}

/** As a pattern, so that editors know the bound too. */
function timeWithin24Hours(): string {
  const within = [`${numberUpTo("86400000")}ms`, `${numberUpTo("86400")}s`, `${numberUpTo("1440")}m`];
  return `(?=[0-9]{1,8}(\\.[0-9]{1,3})?[ms])(${within.join("|")})`;
}

/** Digits of a number from 0 to a whole one, with decimals below it and leading zeros: "1440" -> those that begin with 0, with 10 to 13, and so on. */
function numberUpTo(whole: string): string {
  const below = [...whole].flatMap((digit, i) =>
    digit === "0" ? [] : [`${whole.slice(0, i)}[0-${Number(digit) - 1}][0-9]{${whole.length - i - 1}}`],
  );
  return `0*(([0-9]{1,${whole.length - 1}}|${below.join("|")})(\\.[0-9]+)?|${whole}(\\.0+)?)`;
}

const msPerUnit: Record<string, number> = { ms: 1, s: 1000, m: 60_000 };
const longestMs = 24 * 60 * 60_000;

/** "3000/s" -> 3000. */
export function parseRatePerSecond(text: string): number | null {
  return ratePattern.test(text) ? Number(text.slice(0, -2)) : null;
}

/** "1.5s" -> 1500 (whole ms). null for no time at all and for more than a day, too. */
export function parseDurationMs(text: string): number | null {
  if (!durationPattern.test(text)) return null;
  const number = text.replace(/[a-z]+$/, "");
  const ms = Math.round(Number(number) * (msPerUnit[text.slice(number.length)] ?? Number.NaN));
  return ms > 0 && ms <= longestMs ? ms : null;
}

/** A time as a suite writes it: 1500 -> "1.5s", 500 -> "500ms". */
export function durationText(ms: number): string {
  return ms < 1000 ? `${ms}ms` : `${ms / 1000}s`;
}

/** As parseDurationMs, where the start itself may be meant: "0s" -> 0. */
export function parseMomentMs(text: string): number | null {
  return /^0+(\.0+)?(ms|s|m)$/.test(text) ? 0 : parseDurationMs(text);
}

/** "5%" -> 0.05, 0.05 -> 0.05. null for shares outside 0 to 100%, and for bare numbers of 1 and more: 1 may mean 1% or all. */
export function parseRatio(written: string | number): number | null {
  if (typeof written === "number") return written > 0 && written < 1 ? written : null;
  if (!percentPattern.test(written)) return null;
  // Dividing the digits once keeps 5% the same number as 0.05.
  const ratio = Number(written.slice(0, -1)) / 100;
  return ratio > 0 && ratio <= 1 ? ratio : null;
}

function positive(text: string): number | null {
  const value = /^[0-9]{1,9}(\.[0-9]{1,6})?$/.test(text) ? Number(text) : 0;
  return value > 0 ? value : null;
}

function secondsOf(text: string): number | null {
  const ms = parseDurationMs(text);
  return ms === null ? null : ms / 1000;
}

/** None at all is a limit, too: "0%". A bare number of 1 and more may mean 1% or all. */
function share(text: string): number | null {
  if (/^0(\.0{1,6})?%?$/.test(text)) return 0;
  return parseRatio(text) ?? parseRatio(positive(text) ?? 0);
}
