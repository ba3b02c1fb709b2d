import { counted, wrap } from "../../core/words.ts";
import type { Plan } from "../../plan/make-plan.ts";
import { type DeliveryRoute, routeOf } from "../../suite/cluster.ts";
import type { Profile, Suite } from "../../suite/suite.ts";
import { generatorNames } from "../words/stop-reasons.ts";

/** Where in a cluster it would run, and what of that profiles have otherwise; [] on this machine. */
export function clusterLines(suite: Suite, { cluster, profiles }: Plan, width: number): string[] {
  if (cluster === null) return [];
  const route = routeOf({ route: null }, suite, cluster);
  const runners = counted(suite.load.runners ?? cluster.runners, "pod");
  const sentences = [
    `Cluster: ${cluster.name}; settings reach the pods by ${route}; ${generatorNames[suite.load.engine]} in ${runners}.`,
    ...profiles.flatMap((profile) => ownPlace(profile, route)),
  ];
  return sentences.flatMap((sentence, i) => wrap(sentence, width, "    ", i === 0 ? "" : "  "));
}

function ownPlace({ name, route, image, nodeSelector }: Profile, common: DeliveryRoute): string[] {
  const nodes = Object.entries(nodeSelector).map(([label, value]) => `${label}=${value}`);
  const own = [
    ...(route === null || route === common ? [] : [`by ${route}`]),
    ...(image === null ? [] : [`image ${image}`]),
    ...(nodes.length === 0 ? [] : [`on nodes with ${nodes.join(", ")}`]),
  ];
  return own.length === 0 ? [] : [`${name}: ${own.join("; ")}.`];
}
