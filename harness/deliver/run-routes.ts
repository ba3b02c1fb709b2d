import { measuredTrials, type Story } from "../analysis/effects.ts";
import type { ProfileRecord } from "../results/run.ts";
import { code, codes } from "./code-spans.ts";

/**
 * What a run in a cluster showed of the ways by which settings reach pods, the profile's own first. [] for a run on a machine of its own,
 * and where nothing of the profile was measured.
 */
export function routeEvidence({ run, profiles }: Story, name: string): string[] {
  const measured = profiles.filter((profile) => measuredTrials(profile) > 0);
  const route = measured.find((profile) => profile.name === name)?.route ?? null;
  if (route === null) return [];
  const delivering = run.profiles.filter(asksForSettings).map((profile) => profile.name);
  const others = measured.filter((profile) => profile.route !== route && delivering.includes(profile.name));
  const ways = [...new Set(others.flatMap((profile) => profile.route ?? []))];
  const also = ways.length === 0 ? "" : ` So did those of other profiles by ${codes(ways)}.`;
  return [
    `In the run its settings reached the pods by ${code(route)}, and were found inside before and after the load.${also}`,
  ];
}

function asksForSettings({ sysctls }: ProfileRecord): boolean {
  return Object.values(sysctls).some((keys) => Object.keys(keys).length > 0);
}

/** The minor version of the Kubernetes that a run was made on: "v1.34.3" -> 34; null where it was made on none. */
export function minorOfRun({ run }: Pick<Story, "run">): number | null {
  const version = run.provenance.environment.kubernetes?.version ?? "";
  const minor = /^v?1\.(\d{1,3})(?:\D|$)/.exec(version)?.[1];
  return minor === undefined ? null : Number(minor);
}
