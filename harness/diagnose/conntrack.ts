import { suggestedValue } from "../knowledge/settings.ts";
import { strengths } from "./finding.ts";
import type { NodeRemedy } from "./remedy.ts";
import { rule } from "./rule.ts";

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
    remedies: [
      setting(maxKey, String(Math.max(2 * max, Number(suggestedValue(maxKey))))),
      setting(timeWaitKey, suggestedValue(timeWaitKey)),
      { kind: "node", what: "untracked" },
    ],
  };
});

function setting(key: string, value: string): NodeRemedy {
  return { kind: "node", what: "setting", key, value };
}
