/**
 * Which of two arms an iteration is for: a sequence that looks random, is the same for the same seed, and is balanced: of every eight
 * iterations in a row, counted from the first, four are for each. Not by turns: a service that does something every second, or every
 * other, request would do it to one arm alone.
 */

/** Iterations in a group; in no prefix of the sequence one arm is ahead of the other by more than half of it. */
export const groupSize = 8;

/** Each way to choose four of eight, as bits: 70. */
const patterns = Array.from({ length: 2 ** groupSize }, (_, bits) => bits).filter(
  (bits) => onesIn(bits) === groupSize / 2,
);

/** 0 or 1. `seed` and `iteration` are whole numbers from 0; of iterations past 2^35 groups repeat. */
export function armOf(seed: number, iteration: number): 0 | 1 {
  const group = Math.floor(iteration / groupSize);
  const bits = patterns[mixed(seed, group) % patterns.length] ?? 0;
  return ((bits >>> (iteration % groupSize)) & 1) as 0 | 1;
}

function onesIn(bits: number): number {
  let ones = 0;
  for (let left = bits; left > 0; left >>>= 1) ones += left & 1;
  return ones;
}

/** 32 bits of two whole numbers, each of whose bits changes about half of them (the finalizer of MurmurHash3, public domain, twice). */
function mixed(seed: number, group: number): number {
  return finalized(finalized(seed >>> 0) ^ (group >>> 0));
}

function finalized(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
