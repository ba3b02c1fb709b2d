import type { ProfileAnalysis } from "../../analysis/analysis.ts";
import { formatCount } from "../../core/numbers.ts";

/** "96 of 300 requests/s asked"; null where it is not known. */
export function keptWords({ kept }: Pick<ProfileAnalysis, "kept">): string | null {
  if (kept === null) return null;
  const { servedPerSecond, askedPerSecond } = kept;
  return `${formatCount(servedPerSecond)} of ${formatCount(askedPerSecond)} requests/s asked`;
}
