import { listWords } from "../core/words.ts";
import type { ProfileRecord, RunRecord } from "../results/run.ts";
import type { ProfileAnalysis } from "./analysis.ts";

/** What came of one way for settings to reach a pod. */
export interface RouteSummary {
  route: string;
  /** Profiles with settings that were measured by it: the settings had been found inside the pods. */
  delivered: string[];
  /** Profiles that the platform would not take by it. */
  refused: string[];
}

/** The routes of a run's profiles, in their order; [] where all have one and nothing was refused, and on this machine. */
export function routesOf(run: RunRecord, profiles: ProfileAnalysis[]): RouteSummary[] {
  const names = [...new Set(run.profiles.flatMap(({ route }) => route ?? []))];
  const refused = profiles.filter(isRefused);
  if (names.length < 2 && refused.length === 0) return [];
  return names.map((route) => {
    const own = run.profiles.filter((profile) => profile.route === route);
    const found = (is: (profile: ProfileAnalysis) => boolean, among: ProfileRecord[]) =>
      among.map(({ name }) => name).filter((name) => profiles.some((profile) => profile.name === name && is(profile)));
    return { route, delivered: found(isMeasured, own.filter(asksForSettings)), refused: found(isRefused, own) };
  });
}

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

function isMeasured({ broke, degraded, censored }: ProfileAnalysis): boolean {
  return broke + degraded + censored > 0;
}

function isRefused(profile: ProfileAnalysis): boolean {
  return profile.refused > 0;
}

function asksForSettings({ sysctls }: ProfileRecord): boolean {
  return Object.values(sysctls).some((keys) => Object.keys(keys).length > 0);
}
