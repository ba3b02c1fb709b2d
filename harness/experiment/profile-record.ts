import type { ProfileRecord } from "../results/run.ts";
import { type DeliveryRoute, routeOf } from "../suite/cluster.ts";
import { rateText } from "../suite/rate-text.ts";
import type { LoadChanges, Profile, Suite } from "../suite/suite.ts";

/**
 * A profile as run.json has it: what it changes against the suite; roles of which it changes nothing are left out. `route` is the
 * cluster's own, null on this machine: no route leads anywhere then.
 */
export function profileRecord(suite: Suite, profile: Profile, route: DeliveryRoute | null): ProfileRecord {
  const roles = { target: profile.sysctls, generator: profile.generatorSysctls, ...profile.upstreamSysctls };
  return {
    name: profile.name,
    sysctls: Object.fromEntries(changed(roles)),
    env: profile.env,
    upstreamEnv: Object.fromEntries(changed(profile.upstreamEnv)),
    command: profile.command,
    rps: profile.rps ?? suite.target.rps,
    route: route === null ? null : routeOf(profile, suite, { route }),
    image: profile.image,
    nodeSelector: profile.nodeSelector,
    load: loadText(profile.load ?? {}),
    levels: profile.levels,
  };
}

/** Roles of which anything is set. */
function changed(byRole: Record<string, Record<string, string>>): [string, Record<string, string>][] {
  return Object.entries(byRole).filter(([, settings]) => Object.keys(settings).length > 0);
}

function loadText({ rate, virtualUsers, keepConnections }: LoadChanges): Record<string, string> {
  return {
    ...(rate === undefined ? {} : { rate: rateText(rate) }),
    ...(virtualUsers === undefined ? {} : { virtualUsers: String(virtualUsers) }),
    ...(keepConnections === undefined ? {} : { keepConnections: String(keepConnections) }),
  };
}
