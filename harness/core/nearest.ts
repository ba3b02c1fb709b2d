import { escaped } from "./text.ts";

/**
 * The candidate closest to what was typed, where it is close enough to be a slip of the keys: at most a third
 * of the word's letters wrong (one for short words). null where nothing is near.
 */
export function nearest(typed: string, candidates: Iterable<string>): string | null {
  if (typed.length > longestWord) return null;
  let best: { word: string; distance: number } | null = null;
  for (const word of candidates) {
    if (word.length > longestWord) continue;
    const distance = editDistance(typed.toLowerCase(), word.toLowerCase());
    if (distance > Math.max(1, Math.floor(Math.max(typed.length, word.length) / 3))) continue;
    if (best === null || distance < best.distance) best = { word, distance };
  }
  return best?.word ?? null;
}

/** `; did you mean "profiles"?`, or nothing where no candidate is near. */
export function didYouMean(typed: string, candidates: Iterable<string>): string {
  const word = nearest(typed, candidates);
  return word === null ? "" : `; did you mean "${escaped(word)}"?`;
}

const longestWord = 120;

/**
 * Restricted Damerau-Levenshtein distance: letters added, left out, changed, or two neighbours swapped.
 * Three rows of the usual table are kept.
 */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let steps = Math.min(cell(row, j - 1) + 1, cell(last, j) + 1, cell(last, j - 1) + change);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) steps = Math.min(steps, cell(beforeLast, j - 2) + 1);
      row.push(steps);
    }
    beforeLast = last;
    last = row;
  }
  return cell(last, b.length);
}

function cell(row: number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
