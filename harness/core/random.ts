/**
 * Numbers that a seed decides. Small and self-contained, so that a seed in a stored run gives the same order, and the same
 * record the same report, on every machine and version.
 */

/**
 * 32 random bits a call: mulberry32 (Tommy Ettinger, public domain), 32 bits of state, full period 2^32. Ample for the order
 * of some thousand trials and for sampled permutations; no use for cryptography.
 */
export function randomBits(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** The same bits as numbers in [0, 1). */
export function randomFrom(seed: number): () => number {
  const bits = randomBits(seed);
  return () => bits() / 2 ** 32;
}

/** A new list in random order: Fisher-Yates, every order equally likely. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const left = [...items];
  const order: Item[] = [];
  while (left.length > 0) order.push(...left.splice(Math.floor(random() * left.length), 1));
  return order;
}
