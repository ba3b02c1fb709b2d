import { randomBits } from "../core/random.ts";

/** Standard normal values from a fixed seed. Source: G. E. P. Box and M. E. Muller, Ann. Math. Stat. 29 (1958). */
export function normals(seed: number): () => number {
  const bits = randomBits(seed);
  const uniform = () => (bits() + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
