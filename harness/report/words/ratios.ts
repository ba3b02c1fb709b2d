import type { RatioRange } from "../../analysis/analysis.ts";
import { formatFactor, formatRatio } from "../../core/numbers.ts";
import { counted, listWords } from "../../core/words.ts";

/** With its bound: "at least 5.3x". */
export function boundWords({ ratio, bound }: { ratio: number | null; bound: "atLeast" | "atMost" | null }): string {
  if (ratio === null) return "an unknown ratio";
  const words = { atLeast: "at least ", atMost: "at most " };
  return `${bound === null ? "" : words[bound]}${formatRatio(ratio)}`;
}

/** "Profile a", "Profiles a and b". */
export function profileWords(names: string[]): string {
  return `${names.length === 1 ? "Profile" : "Profiles"} ${listWords(names)}`;
}

/** "5 profiles", "the baseline alone". */
export function profilesWords(profiles: readonly unknown[]): string {
  return profiles.length === 1 ? "the baseline alone" : counted(profiles.length, "profile");
}

/** "What profile a does can't be told: REASON." */
export function cantBeTold(names: string[], reason: string): string {
  const [profile, does] = names.length === 1 ? ["profile", "does"] : ["profiles", "do"];
  return `What ${profile} ${listWords(names)} ${does} can't be told: ${reason}.`;
}

/** A ratio beside its interval: "1.00, 0.98 to 1.02", "at least 2.10, from 2.05", "2.10" without one. */
export function plainRatio({ ratio, low, high, bound }: RatioRange): string {
  if (ratio === null) return "unknown";
  const words = { atLeast: "at least ", atMost: "at most " };
  const lead = `${bound === null ? "" : words[bound]}${formatFactor(ratio)}`;
  if (low !== null && high !== null) return `${lead}, ${formatFactor(low)} to ${formatFactor(high)}`;
  if (low !== null) return `${lead}, from ${formatFactor(low)}`;
  return high === null ? lead : `${lead}, up to ${formatFactor(high)}`;
}
