/**
 * The value at place k if the list were sorted, which it is only as far as that takes: with a million means a fraction of a sort's
 * time. Source: N. Wirth, Algorithms + Data Structures = Programs (1976), 2.3.4, after C. A. R. Hoare.
 */
export function selectInPlace(values: Float64Array, k: number): number {
  let [left, right] = [0, values.length - 1];
  while (left < right) {
    const pivot = values[k] as number;
    let [low, high] = [left, right];
    while (low <= high) {
      while ((values[low] as number) < pivot) low += 1;
      while (pivot < (values[high] as number)) high -= 1;
      if (low > high) break;
      const moved = values[low] as number;
      values[low] = values[high] as number;
      values[high] = moved;
      low += 1;
      high -= 1;
    }
    if (high < k) left = low;
    if (k < low) right = high;
  }
  return values[k] as number;
}
