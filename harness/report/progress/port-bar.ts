/**
 * A bar of the ports in use with the two walls marked: "|" at half (scan cliff) and "|" at the end (hard wall).
 * `cells` is the number of cells between the brackets; use above 1 fills it whole.
 */
export function portBar(useRatio: number, cells: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, useRatio)) * cells);
  const half = Math.floor(cells / 2);
  const bar = `${"#".repeat(filled)}${"-".repeat(cells - filled)}`;
  return `[${bar.slice(0, half)}|${bar.slice(half)}]`;
}
