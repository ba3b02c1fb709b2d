import { endedUnasked } from "./crash.ts";
import { strengths } from "./finding.ts";
import { has } from "./observed.ts";
import { program } from "./remedy.ts";
import { rule, sideOf } from "./rule.ts";
import { roleOfSaid, saidFault } from "./said.ts";

/** At this share of its cgroup's limit a part that was killed had no memory left: it is looked at once a second. */
const nearLimit = 0.9;

/**
 * The kernel killed a process for want of memory in its cgroup (memory.events or memory.oom_control, oom_kill), or the program says that it got none.
 * A part that ended with it in its last words is target-crashed's.
 */
export const outOfMemory = rule("out-of-memory", ["processes"], (seen) => {
  const [role, memory] =
    Object.entries(seen.processes).find(([name, { oomKills }]) => name !== "generator" && (oomKills ?? 0) > 0) ?? [];
  if (role !== undefined && memory !== undefined) {
    const { groupMemoryPeakBytes: peakBytes, groupMemoryLimitBytes: limitBytes, oomKills } = memory;
    const isFull = peakBytes !== null && limitBytes !== null && peakBytes >= nearLimit * limitBytes;
    return {
      side: sideOf(role),
      role,
      limit: peakBytes === null || limitBytes === null ? null : { used: peakBytes, of: limitBytes, unit: "bytes" },
      strength: isFull || limitBytes === null ? strengths.said : strengths.implied,
      evidence: [{ kind: "memory", role, peakBytes, limitBytes, oomKills }],
      remedies: [program(role, "memory")],
    };
  }
  if (!has(seen, ["load", "logged"])) return null;
  const said = saidFault(seen, ["ENOMEM"]);
  if (said === null || endedUnasked(seen)) return null;
  const whose = roleOfSaid(said);
  const peakBytes = seen.load.measures.memoryPeakBytes[whose] ?? null;
  return {
    side: sideOf(whose),
    role: whose,
    limit: null,
    strength: said.strength,
    evidence: [{ kind: "memory", role: whose, peakBytes, limitBytes: null, oomKills: null }, said.evidence],
    remedies: [program(whose, "memory")],
  };
});
