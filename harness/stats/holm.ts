/**
 * Holm's step-down adjustment: the chance that any of the family is called different by luck stays below the level.
 * The i-th smallest of k is multiplied by k - i + 1, never falling below its predecessors, never above 1.
 * Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6 (1979).
 */
export function holm(ps: number[]): number[] {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(ps.length).fill(1);
  let floor = 0;
  order.forEach(({ p, index }, rank) => {
    floor = Math.max(floor, Math.min(1, p * (ps.length - rank)));
    adjusted[index] = floor;
  });
  return adjusted;
}
