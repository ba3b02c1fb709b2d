/** Numbers within sentences, as every room writes them. */

/** 0.0512 -> "5.1%": two digits, as far as noise is known. A number that somebody chose has three: 0.125 -> "12.5%". */
export function percentWords(fraction: number, digits = 2): string {
  return `${Number((fraction * 100).toPrecision(digits))}%`;
}

/** 1400 -> "1,400/s", 12.5 -> "12.5/s": a digit after the point where rates are small enough for it. */
export function rateWords(perSecond: number): string {
  return `${grouped(perSecond, perSecond < 100 ? 1 : 0)}/s`;
}

/** 28232 -> "28,232", 0.5 -> "0.5": at most `digits` after the point. Not by Intl, whose tables take a fifth of `tunebench plan`'s start. */
export function grouped(value: number, digits = 3): string {
  const [whole = "", fraction] = String(Number(value.toFixed(digits))).split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}
