import { suggestedValue } from "../knowledge/settings.ts";
import { strengths } from "./finding.ts";
import { type NodeRemedy, program } from "./remedy.ts";
import { rule } from "./rule.ts";
import { inTrouble } from "./trouble.ts";

/** The table is looked at once a second: it may have been full between two looks. */
const full = 0.95;
/** With packets dropped, a table seen this full was full between two looks. */
const fullWithDrops = 0.8;

const maxKey = "net.netfilter.nf_conntrack_max";
const timeWaitKey = "net.netfilter.nf_conntrack_tcp_timeout_time_wait";

/** The connection tracking table has no room: new flows are dropped, or old ones thrown out for them. */
export const conntrackFull = rule("conntrack-full", ["conntrack"], ({ conntrack: { peak, max, drops } }) => {
  if (max <= 0 || peak / max < (drops > 0 ? fullWithDrops : full)) return null;
  return {
    side: "node",
    role: null,
    limit: { used: peak, of: max, unit: "entries" },
    strength: drops > 0 ? strengths.said : strengths.implied,
    evidence: [{ kind: "conntrack", peakEntries: peak, maxEntries: max, drops }],
    remedies: roomForConnections(max),
  };
});

/** What helps against a table of so many entries that fills. */
export function roomForConnections(max: number): NodeRemedy[] {
  return [
    setting(maxKey, String(Math.max(2 * max, Number(suggestedValue(maxKey))))),
    setting(timeWaitKey, suggestedValue(timeWaitKey)),
    { kind: "node", what: "untracked" },
  ];
}

/** New flows that failed: two that start at the same moment may collide without any want of ports. */
const leastFailed = 10;

/**
 * Behind a masquerade address (SNAT) no port towards a destination was free: the packet is dropped, and its sender sends it again until it
 * gives up. Measured with 50 ports and 80 dials: 30 waited in vain, and insert_failed and drop rose by one for each of their SYNs. A full
 * table raises drop alone.
 */
export const masqueradePorts = rule("masquerade-ports", ["conntrack", "counters"], (seen) => {
  const { insertFailed: flows, peak: entries } = seen.conntrack;
  if (flows < leastFailed || !inTrouble(seen)) return null;
  const synRetransmits = Object.values(seen.counters).reduce((sum, { TCPSynRetrans = 0 }) => sum + TCPSynRetrans, 0);
  return {
    side: "node",
    role: null,
    limit: null,
    strength: synRetransmits >= flows / 2 ? strengths.implied : strengths.hinted,
    evidence: [{ kind: "insert-failed", flows, synRetransmits, entries }],
    remedies: [program("target", "pool"), { kind: "node", what: "masquerade" }],
  };
});

function setting(key: string, value: string): NodeRemedy {
  return { kind: "node", what: "setting", key, value };
}
