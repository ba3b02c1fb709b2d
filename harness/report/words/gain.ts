import { measureOf } from "../../core/measures.ts";
import { formatP } from "../../core/numbers.ts";
import { formatPercent } from "../../core/units.ts";
import { counted } from "../../core/words.ts";
import type { Gain } from "../../find/found.ts";
import type { Standing } from "../../find/standing.ts";
import { boundWords, plainRatio } from "./ratios.ts";

/** How trials ended, as a verb: "it broke". */
export const standingWords: Record<Standing, string> = {
  broke: "broke",
  degraded: "degraded",
  saturated: "could not keep up",
  missed: "missed a goal",
  held: "held",
  mixed: "did not end alike",
};

/**
 * How one arm did against another: "it broke without and held with it, in each of 3 blocks (at least 3.05x the requests before the wall)";
 * "1.30x the throughput (1.30, 1.21 to 1.40; p = 0.004; 7 blocks)".
 */
export function gainWords(gain: Gain): string {
  const { by, before, after, blocks } = gain;
  if (blocks === 0) return "not measured";
  if (by === "ratio") return `${ratioWords(gain)} (${[intervalWords(gain), ...sureness(gain)].join("; ")})`;
  const times = blocks === 1 ? "in one block" : `in each of ${counted(blocks, "block")}`;
  const ends = `it ${standingWords[before]} without and ${standingWords[after]} with it, ${times}`;
  return gain.ratio === null ? ends : `${ends} (${ratioWords(gain)})`;
}

/** "at least 3.05x the requests before the wall" */
function ratioWords(gain: Gain): string {
  return `${boundWords(gain)} the ${measureOf(gain.measure).label}`;
}

function intervalWords({ ratio, low, high, bound, blocks }: Gain): string {
  return plainRatio({ ratio, low, high, bound, n: blocks });
}

function sureness({ p, blocks }: Gain): string[] {
  return [...(p === null ? [] : [formatP(p)]), counted(blocks, "block")];
}

/** "an effect would be below 4%"; what is not known is said so. */
export function belowWords(below: number | null): string {
  return below === null ? "how much it could be can't be told" : `an effect would be below ${formatPercent(below)}`;
}
