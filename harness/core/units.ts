/**
 * Quantities as people write them in a suite, each with its unit. A parser returns null for what it does not
 * understand; a bare number is never taken where a unit decides its meaning.
 */

/** Requests a second: "3000/s". Whole numbers, since k6's arrival rates are whole. */
export const ratePattern = /^[1-9][0-9]{0,5}\/s$/;
/** A time: "500ms", "60s", "1.5s", "2m". */
export const durationPattern = /^[0-9]{1,8}(\.[0-9]{1,3})?(ms|s|m)$/;
/** A share in per cent: "5%", "0.5%". */
export const percentPattern = /^[0-9]{1,3}(\.[0-9]{1,4})?%$/;

/** What a message says about each form. */
export const rateAllowed = "requests a second with their unit, a whole number from 1/s to 999999/s, such as 3000/s";
export const durationAllowed = "a time with its unit, such as 500ms, 60s or 2m (more than 0, at most 24 hours: 1440m)";
export const momentAllowed = "a time with its unit, such as 0s, 500ms or 3s (at most 24 hours: 1440m)";
export const ratioAllowed = "a share such as 5% or 0.05 (more than 0; a bare number stays below 1)";

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
