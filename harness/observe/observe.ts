import { largest } from "../detect/windows.ts";
import { explain, type Hit } from "../diagnose/consequences.ts";
import type { Observed } from "../diagnose/observed.ts";
import { busiestPorts } from "../diagnose/port-use.ts";
import { rules } from "../diagnose/rules.ts";
import { nodeLimits, trackingLimits } from "./node-limits.ts";
import type { Limit, LiveCaveat, LiveFinding, Observation } from "./observation.ts";
import { observedLive, observedOfNode, secondsOf } from "./observed.ts";
import { nearestFirst, outlookOf } from "./outlook.ts";
import { portLimits } from "./port-limits.ts";
import { processLimits } from "./process-limits.ts";
import { queueLimits } from "./queue-limits.ts";
import { remediesOf } from "./remedies.ts";
import type { ObservationInput, Seen } from "./seen.ts";
import { samplesOf } from "./series.ts";

/** What a look at a live service comes to. Pure: the same samples give the same answer, taken here or read out of a pod's log. */
export function observe(input: ObservationInput): Observation {
  const { seen, withinSeconds, costMs } = input;
  const placeOf = ({ subject }: Seen) => (seen.length > 1 ? subject : null);
  const node = observedOfNode(input);
  const only = seen.length === 1 ? seen[0] : undefined;
  const own = seen.map((one) => lookedAt(one, placeOf(one)));
  const limits = nearestFirst(
    [...own.flatMap(({ limits }) => limits), ...nodeLimits(input.node).map((limit) => withRemedies(limit, node))],
    withinSeconds,
  );
  // Of one service a rule may put its own and the machine's together; of many, each is told of its own.
  const findings =
    only === undefined
      ? [...own.flatMap(({ observed, place }) => findingsOf(observed, place)), ...findingsOf(node, null)]
      : findingsOf(together(own[0]?.observed ?? node, node), null);
  const caveats = [...tunersIn(input), ...input.caveats, ...seen.flatMap((one) => one.caveats), ...looksApart(seen)];
  return {
    outlook: outlookOf(limits, { withinSeconds, isBlind: caveats.some(isOfSettings) }),
    withinSeconds,
    limits,
    findings,
    settings: seen.flatMap((one) => one.settings.map((setting) => ({ ...setting, place: placeOf(one) }))),
    steering: input.steering,
    caveats,
    subjects: seen.map(({ subject }) => subject),
    seconds: Math.max(0, ...seen.map(({ samples }) => secondsOf(samples)), secondsOf(input.node)),
    costMs,
  };
}

function lookedAt(seen: Seen, place: string | null): { limits: Limit[]; observed: Observed; place: string | null } {
  const limits = [...portLimits(seen), ...queueLimits(seen), ...processLimits(seen), ...trackingLimits(seen)];
  const observed = observedLive(seen, limits);
  return { limits: limits.map((limit) => ({ ...withRemedies(limit, observed), place })), observed, place };
}

/** From this share on, or where it fills, it is said what would help. */
const worthHelping = 0.5;

function withRemedies(limit: Limit, observed: Observed): Limit {
  if ((limit.share ?? 0) < worthHelping && limit.secondsToFull === null) return limit;
  return { ...limit, remedies: remediesOf(limit, observed, busiestPorts(observed.ports ?? [])) };
}

/** The service's own, and of the machine what it does not have itself. Of two tables of connections the one nearer to its limit. */
function together(own: Observed, node: Observed): Observed {
  const conntrack = used(own.conntrack) > used(node.conntrack) ? own.conntrack : node.conntrack;
  const { cpus, receiveWork, netRxSoftirqs, interrupts, steering, softnet } = node;
  return { ...own, conntrack, cpus, receiveWork, netRxSoftirqs, interrupts, steering, softnet };
}

function used(conntrack: Observed["conntrack"]): number {
  return conntrack === null ? -1 : conntrack.peak / conntrack.max;
}

function findingsOf(observed: Observed, place: string | null): LiveFinding[] {
  const hits = rules.flatMap((rule): Hit[] => {
    const found = rule.find(observed);
    return found === null ? [] : [{ rule: rule.id, found } as Hit];
  });
  return explain(hits).map(
    ({ rule, found, consequenceOf }) => ({ rule, ...found, consequenceOf, place }) as LiveFinding,
  );
}

function isOfSettings(caveat: LiveCaveat): boolean {
  return caveat.code === "not-readable" && caveat.what === "settings";
}

function tunersIn({ steering }: ObservationInput): LiveCaveat[] {
  return (steering?.tuners ?? []).map((program) => ({ code: "tuner-runs", program }));
}

/** How far apart the looks at tables were, at most. */
function looksApart(seen: readonly Seen[]): LiveCaveat[] {
  const gaps = seen.flatMap(({ samples }) => {
    const tables = samplesOf(samples, "table");
    return tables.slice(1).map(({ atMs }, index) => atMs - (tables[index]?.atMs ?? atMs));
  });
  return gaps.length === 0 ? [] : [{ code: "looks-apart", longestMs: Math.round(largest(gaps)) }];
}
