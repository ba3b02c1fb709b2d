/** 32 random bits a call from a fixed seed (not 0). Source: G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003). */
export function randomBits(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
