import { labelANode, nodeChangesLabel } from "../objects/node-settings.ts";
import { admissionMeaning, allowAndApply, type MeaningKind, settingMeaning } from "../platform-words.ts";
import type { NotTaken } from "../settings.ts";
import type { ProbedRoute } from "./routes.ts";

/** What a platform would not do for a route. */
export interface Refusal {
  route: ProbedRoute;
  /** What its words mean; unknown: nobody has met them yet. */
  code: MeaningKind | "no-node-labelled" | "node-taken" | "not-delivered" | "unknown";
  /** The platform's own words: an event's message, an admission's, a program's. Untrusted text. */
  words: string;
  /** Why, as a sentence without a full stop. */
  reason: string;
  /** What to do instead. */
  remedy: string;
}

/** Why a platform did not do it, and what to do instead: sentences. */
interface Explanation {
  reason: string;
  /** null where nothing general can be said. */
  remedy: string | null;
}

const deliver = "`tunebench deliver SUITE --profile NAME --platform PLATFORM`";

/**
 * What the platform did not do for a route, explained. `known` is what the words were taken for where they were met; it is left out
 * where nobody has looked into them yet.
 */
export function routeRefusal(route: ProbedRoute, words: string, known: Explanation | null = null): Refusal {
  const ofRoute = onRoute(route, words);
  const means = admissionMeaning(words) ?? settingMeaning(words);
  const { reason, remedy } = ofRoute ?? known ?? means ?? unknown(route);
  return { route, code: ofRoute?.code ?? means?.kind ?? "unknown", words, reason, remedy: remedy ?? readThem };
}

/** Settings that were delivered without complaint and are not there. */
export function untakenRefusal(route: ProbedRoute, untaken: NotTaken[]): Refusal {
  const words = untaken.map(({ key, found, asked }) => `${key} = ${found ?? "not there"}, asked ${asked}`).join("; ");
  const { reason, remedy } = whyUntaken[route] ?? unknown(route);
  return { route, code: "not-delivered", words, reason, remedy: remedy ?? readThem };
}

const readThem = `read its words above; ${deliver} writes what each platform needs`;

function unknown(route: ProbedRoute): Explanation {
  return { reason: `the platform refused what the route ${route} asks for`, remedy: null };
}

/** The scheduler's words about the pod of the route node; null for any other words. */
export function onRoute(route: ProbedRoute, words: string): (Explanation & Pick<Refusal, "code">) | null {
  if (route !== "node") return null;
  if (/node\(s\) didn't match Pod's node affinity\/selector/i.test(words)) {
    return {
      code: "no-node-labelled",
      reason: `no node that fits has the label ${nodeChangesLabel}=true, so none may be changed`,
      remedy: labelANode,
    };
  }
  if (!/didn't have free ports for the requested pod ports/i.test(words)) return null;
  return {
    code: "node-taken",
    reason: "another trial or run has changed this node's settings, and has not restored them yet",
    remedy: "wait for it to end; `kubectl get pods --all-namespaces -l app.kubernetes.io/component=observer` shows it",
  };
}

const onNodeOnly: Explanation = {
  reason:
    "the value was written on the node, and a pod has a network namespace of its own, which begins with the kernel's defaults",
  remedy: allowAndApply,
};

/** Why a route's values don't arrive, though nobody complains. */
const whyUntaken: Partial<Record<ProbedRoute, Explanation>> = {
  node: onNodeOnly,
  "host-network": onNodeOnly,
  "tuning-cni": {
    reason:
      "neither a network attachment nor the node's own CNI configuration brought the value into the pod's network namespace",
    remedy:
      "add the tuning plugin with the key to the CNI configuration of the nodes, or install Multus; else use the route pod-sysctls",
  },
  none: { reason: "the route none delivers nothing", remedy: allowAndApply },
};
