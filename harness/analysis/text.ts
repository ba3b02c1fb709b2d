import type { RatioRange } from "./analysis.ts";

/** 5.313 -> "5.3x", 1.004 -> "1.00x": two digits after the point near 1, where they matter. */
export function ratioWords(ratio: number): string {
  return `${ratio >= 2 ? ratio.toLocaleString("en-US", { maximumFractionDigits: 1 }) : ratio.toFixed(2)}x`;
}

/** With its bound: "at least 5.3x". */
export function boundWords({ ratio, bound }: { ratio: number | null; bound: "atLeast" | "atMost" | null }): string {
  if (ratio === null) return "an unknown ratio";
  const words = { atLeast: "at least ", atMost: "at most " };
  return `${bound === null ? "" : words[bound]}${ratioWords(ratio)}`;
}

/** 28232 -> "28,232". */
export function countWords(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** 7.52 -> "7.5 s". */
export function secondsWords(seconds: number): string {
  return `${Number(seconds.toFixed(1))} s`;
}

/** "a", "a and b", "a, b and c". */
export function listWords(items: string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

/** "Profile a", "Profiles a and b". */
export function profileWords(names: string[]): string {
  return `${names.length === 1 ? "Profile" : "Profiles"} ${listWords(names)}`;
}

/** "What profile a does can't be told: REASON." */
export function cantBeTold(names: string[], reason: string): string {
  const [profile, does] = names.length === 1 ? ["profile", "does"] : ["profiles", "do"];
  return `What ${profile} ${listWords(names)} ${does} can't be told: ${reason}.`;
}

/** "one block", "8 blocks". */
export function countedBlocks(blocks: number): string {
  return blocks === 1 ? "one block" : `${blocks} blocks`;
}

/** A ratio beside its interval: "1.00, 0.98 to 1.02", "at least 2.10, from 2.05", "2.10" without one. */
export function plainRatio({ ratio, low, high, bound }: RatioRange): string {
  const number = (value: number) => value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
  if (ratio === null) return "unknown";
  const words = { atLeast: "at least ", atMost: "at most " };
  const lead = `${bound === null ? "" : words[bound]}${number(ratio)}`;
  if (low !== null && high !== null) return `${lead}, ${number(low)} to ${number(high)}`;
  if (low !== null) return `${lead}, from ${number(low)}`;
  return high === null ? lead : `${lead}, up to ${number(high)}`;
}
