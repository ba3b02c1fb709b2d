import type { ProfileRecord, RunRecord } from "../results/run.ts";
import type { ProfileAnalysis, RouteSummary } from "./analysis.ts";
import { measuredTrials } from "./effects.ts";

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

function isMeasured(profile: ProfileAnalysis): boolean {
  return measuredTrials(profile) > 0;
}

function isRefused(profile: ProfileAnalysis): boolean {
  return profile.refused > 0;
}

function asksForSettings({ sysctls }: ProfileRecord): boolean {
  return Object.values(sysctls).some((keys) => Object.keys(keys).length > 0);
}
