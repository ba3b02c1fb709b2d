import { InputError } from "../../../core/errors.ts";
import type { Scope } from "../../../core/scope.ts";
import type { Sysctls } from "../../../suite/suite.ts";
import type { ClusterWork } from "../cluster-work.ts";
import { labelANode } from "../objects/node-settings.ts";
import { hasNodeToChange, openPreflight, orCapability } from "../open-preflight.ts";
import { proveAll } from "../prove-all.ts";
import { proveRoute, type RouteTrial } from "../prove-route.ts";
import type { Refusal } from "../routes/refusals.ts";
import { type ProbedRoute, routes } from "../routes/routes.ts";

/** What came of one route. Reasons and remedies are sentences without a full stop. */
export type RouteAnswer =
  | { route: ProbedRoute; answer: "works" }
  | ({ answer: "refused" } & Refusal)
  | { route: ProbedRoute; answer: "not-tried"; reason: string; remedy: string };

/**
 * Tries settings by every route with one bare pod each, several at once; their values are read inside. The route node changes a node, is tried
 * last, and only where that is allowed. Nothing stays. Rejects with CapabilityError where a pod does not come to run for another reason.
 */
export async function probeRoutes(
  work: ClusterWork,
  { settings, allowNodeChanges }: { settings: Sysctls; allowNodeChanges: boolean },
  scope: Scope,
): Promise<RouteAnswer[]> {
  const nodeStays = await whyNodeStays(work, allowNodeChanges);
  const trialOf = await openPreflight(work, scope);
  const proofs = (Object.keys(routes) as ProbedRoute[]).map((route, place) => {
    const common = { role: "target", nodeSelector: {}, node: null, signal: scope.signal };
    const tried = { ...common, route, settings, trial: trialOf(place + 1) };
    const changesNode = route === "node";
    return { changesNode, prove: async () => (changesNode ? nodeStays : null) ?? answerOf(work, tried) };
  });
  return await proveAll(proofs, scope.signal);
}

async function answerOf(work: ClusterWork, tried: RouteTrial): Promise<RouteAnswer> {
  const { route } = tried;
  try {
    const refusal = await orCapability(proveRoute(work, tried));
    return refusal === null ? { route, answer: "works" } : { ...refusal, answer: "refused" };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { route, answer: "not-tried", reason: error.message, remedy: "ask for another key" };
  }
}

async function whyNodeStays(work: ClusterWork, allowNodeChanges: boolean): Promise<RouteAnswer | null> {
  const notTried = { route: "node", answer: "not-tried" } as const;
  if (!allowNodeChanges) {
    const reason = "it changes settings of a node itself, for a moment";
    return { ...notTried, reason, remedy: "if that is meant, add --allow-node-changes" };
  }
  if (await hasNodeToChange(work)) return null;
  return { ...notTried, reason: "no node is labelled for changes of its settings", remedy: labelANode };
}
