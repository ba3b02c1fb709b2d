import { suggestedValue } from "../knowledge/settings.ts";
import type { AcceptQueueEvidence } from "../results/evidence.ts";
import type { EvidenceOf } from "./evidence.ts";
import { strengths } from "./finding.ts";
import { program, type Remedy } from "./remedy.ts";
import { rule, sideOf } from "./rule.ts";

/** Overflows per request below which a full queue was no bottleneck: a handful of retried handshakes. */
const leastShare = 0.001;

const somaxconnKey = "net.core.somaxconn";

/**
 * Finished handshakes found the accept queue full. Its limit is min(backlog passed to listen(), somaxconn), read at
 * listen() time; which of the two binds decides what helps. An upstream's queue is one like the target's.
 */
export const acceptQueueOverflow = rule("accept-queue-overflow", ["acceptQueues"], ({ acceptQueues, load }) => {
  const queue = acceptQueues.reduce((most, next) => (next.overflows > most.overflows ? next : most));
  const { role } = queue;
  if (queue.overflows === 0 || queue.overflows < leastShare * (load?.requests ?? 0)) return null;
  const { effectiveLimit, peakQueued } = queue;
  const binding = bindingOf(queue);
  return {
    side: sideOf(role),
    role,
    // It was full, whatever the looks saw between its overflows.
    limit:
      effectiveLimit === null
        ? null
        : { used: Math.max(peakQueued, effectiveLimit), of: effectiveLimit, unit: "connections" },
    strength: strengths.said,
    evidence: [{ kind: "accept-queue", ...queue, binding }],
    remedies: [...longerQueue(binding, queue), program(role, "accept-rate")],
  };
});

function bindingOf({ effectiveLimit, somaxconn }: AcceptQueueEvidence): EvidenceOf<"accept-queue">["binding"] {
  if (effectiveLimit === null || somaxconn === null) return null;
  return effectiveLimit < somaxconn ? "backlog" : "somaxconn";
}

/** Which of the two limits to raise first. */
function longerQueue(
  binding: EvidenceOf<"accept-queue">["binding"],
  { role, somaxconn }: AcceptQueueEvidence,
): Remedy[] {
  const value = suggestedValue(somaxconnKey);
  const raised: Remedy = { kind: "setting", role, key: somaxconnKey, value, gain: "room" };
  const backlog = (to: number | null): Remedy => ({ ...program(role, "backlog"), to });
  if (binding === "backlog") return [backlog(somaxconn)];
  return binding === "somaxconn" ? [raised, backlog(Number(value))] : [backlog(null), raised];
}
