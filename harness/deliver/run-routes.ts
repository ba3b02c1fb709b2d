import { measuredTrials, type Story } from "../analysis/effects.ts";
import { routesOf } from "../analysis/routes.ts";
import { code, codes } from "./code-spans.ts";

/**
 * What a run in a cluster showed of the ways by which settings reach pods: the profile's own first, then what the platform refused,
 * in its words. [] for a run on a machine of its own.
 */
export function routeEvidence({ run, profiles }: Story, name: string): string[] {
  const own = profiles.find((profile) => profile.name === name);
  if (own === undefined || own.route === null) return [];
  const { refusal, route } = own;
  const lead =
    measuredTrials(own) > 0
      ? [`In the run its settings reached the pods by ${code(route)}, and were found inside before and after the load.`]
      : [];
  const others = routesOf(run, profiles).filter((other) => other.route !== route && other.delivered.length > 0);
  const also =
    others.length === 0 ? [] : [`So did those of other profiles by ${codes(others.map((other) => other.route))}.`];
  const refused = profiles.filter((profile) => profile.refusal !== null && profile !== own);
  return [
    [...lead, ...also].join(" "),
    ...(refusal === null
      ? []
      : [`**The platform refused this profile** by ${code(refusal.route)}: ${code(refusal.words)}.`]),
    ...refused.map(
      (profile) =>
        `It saw refused: ${whose(profile.name, profile.refusal?.route ?? "")}: ${code(profile.refusal?.words ?? "")}.`,
    ),
  ].filter((sentence) => sentence !== "");
}

/** A profile that bears its route's name only once. */
function whose(profile: string, route: string): string {
  return profile === route ? code(route) : `${code(profile)} by ${code(route)}`;
}

/** The minor version of the Kubernetes that a run was made on: "v1.34.3" -> 34; null where it was made on none. */
export function minorOfRun({ run }: Pick<Story, "run">): number | null {
  const version = run.provenance.environment.kubernetes?.version ?? "";
  const minor = /^v?1\.(\d{1,3})(?:\D|$)/.exec(version)?.[1];
  return minor === undefined ? null : Number(minor);
}
