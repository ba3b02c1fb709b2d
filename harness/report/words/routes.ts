import type { ProfileAnalysis, RouteSummary } from "../../analysis/analysis.ts";
import { listWords } from "../../core/words.ts";

/**
 * The answer where routes are compared: "Delivered by pod-sysctls and privileged-init; refused: capabilities-init (Read-only file
 * system)." null where they are not.
 */
export function routesSentence(routes: RouteSummary[], profiles: ProfileAnalysis[]): string | null {
  if (routes.length < 2) return null;
  const ways = routes.filter(({ delivered }) => delivered.length > 0).map(({ route }) => route);
  const closed = routes.flatMap(({ route, delivered, refused }) => {
    const words = new Set(profiles.filter(({ name }) => refused.includes(name)).flatMap(refusalWords));
    if (refused.length === 0) return [];
    // By one route one key may come through and another not.
    return [`${route}${delivered.length === 0 ? "" : ` for ${listWords(refused)}`} (${[...words].join("; ")})`];
  });
  if (ways.length + closed.length === 0) return null;
  const by = ways.length === 0 ? "No route delivered its settings" : `Delivered by ${listWords(ways)}`;
  return `${by}${closed.length === 0 ? "" : `; refused: ${closed.join(", ")}`}.`;
}

/** The end of the platform's words, where the reason stands: "Read-only file system". */
export function refusalWords({ refusal }: ProfileAnalysis): string[] {
  if (refusal === null) return [];
  const parts = refusal.words.trim().replace(/\s+/g, " ").replace(/\.$/, "").split(": ");
  // What begins with a value needs the words before it to be understood.
  const from = /^["'\d]/.test(parts.at(-1) ?? "") ? -2 : -1;
  const words = parts.slice(from).join(": ");
  return [words.length <= longestWords ? words : `${words.slice(0, longestWords)}...`];
}

/** A sentence holds several; the sections on what was refused have them whole. */
const longestWords = 90;
