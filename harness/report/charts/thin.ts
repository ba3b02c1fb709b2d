/** Fewer digits and fewer points, so that a page stays small; what is drawn does not change to the eye. */

/** Rounded to so many significant digits. */
export function significant(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}

/** Every n-th of the list so that at most `points` stay, the last one always among them. */
export function everyNth<T>(list: T[], points: number): T[] {
  const step = Math.max(1, Math.ceil(list.length / points));
  return list.filter((_, index) => index % step === 0 || index === list.length - 1);
}
