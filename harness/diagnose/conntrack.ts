import { formatCount } from "../core/numbers.ts";
import { formatPercent } from "../core/units.ts";
import { kernelDefault } from "../knowledge/settings.ts";
import type { TrialRecord } from "../results/trial.ts";
import { fact, type Rule, type TrialFinding } from "./rule.ts";

/** The table is looked at once a second: it may have been full between two looks. */
const full = 0.95;
/** With packets dropped, a table seen this full was full between two looks. */
const fullWithDrops = 0.8;

const timeWait = "net.netfilter.nf_conntrack_tcp_timeout_time_wait";

/** The connection tracking table has no room: new flows are dropped, or old ones thrown out for them. */
export const conntrackFull: Rule = { rule: "conntrack-full", find: findFullTable };

function findFullTable({ evidence }: TrialRecord): TrialFinding | null {
  const table = evidence.conntrack;
  if (table === null || table.max <= 0) return null;
  const share = table.peak / table.max;
  if (share < (table.drops > 0 ? fullWithDrops : full)) return null;
  return {
    side: "node",
    bottleneck:
      `The conntrack table was full: ${formatCount(table.peak)} of ${formatCount(table.max)} entries, ` +
      `${formatCount(table.drops)} packets dropped or entries thrown out early.`,
    evidence: [
      fact("peak entries", table.peak),
      fact("net.netfilter.nf_conntrack_max", table.max),
      fact("share", formatPercent(share)),
      fact("drops and early drops", table.drops, "packets"),
    ],
    remedy:
      "Raise net.netfilter.nf_conntrack_max on the node (machine-wide, about 300 bytes an entry); shorten " +
      `${timeWait} (${kernelDefault(timeWait)} s), or leave this traffic untracked (NOTRACK).`,
  };
}
