import { formatCount } from "../core/numbers.ts";
import { suggestion } from "../knowledge/settings.ts";
import type { AcceptQueueEvidence } from "../results/evidence.ts";
import type { TrialRecord } from "../results/trial.ts";
import { fact, type Rule, type TrialFinding } from "./rule.ts";

/** Overflows per request below which a full queue was no bottleneck: a handful of retried handshakes. */
const leastShare = 0.001;

/**
 * Finished handshakes found the accept queue full. Its limit is min(backlog passed to listen(), somaxconn), read at
 * listen() time; which of the two binds decides what helps.
 */
export const acceptQueueOverflow: Rule = { rule: "accept-queue-overflow", find: findOverflow };

function findOverflow(trial: TrialRecord): TrialFinding | null {
  const queue = trial.evidence.acceptQueues.reduce<AcceptQueueEvidence | null>(
    (most, next) => (most === null || next.overflows > most.overflows ? next : most),
    null,
  );
  if (queue === null || queue.overflows === 0 || queue.overflows < leastShare * trial.requests) return null;
  const { binding, remedy } = whichLimit(queue);
  return {
    side: "target",
    bottleneck:
      `The accept queue of port ${queue.port} was full ${formatCount(queue.overflows)} times: the program accepts more slowly ` +
      `than connections come. ${binding}`,
    evidence: [
      fact("ListenOverflows", queue.overflows, "connections"),
      fact("ListenDrops (SYN queue included)", queue.drops, "connections"),
      fact("effective limit", queue.effectiveLimit ?? "unknown", null),
      fact("net.core.somaxconn", queue.somaxconn ?? "unknown", null),
      fact("longest queue seen", queue.peakQueued, "connections"),
    ],
    remedy: `${remedy} A longer queue carries bursts; a program that is slower than its load for good must accept faster.`,
  };
}

function whichLimit({ effectiveLimit, somaxconn }: AcceptQueueEvidence): { binding: string; remedy: string } {
  if (effectiveLimit === null || somaxconn === null) {
    return {
      binding: "Which of the two limits binds is not known.",
      remedy: "Compare Send-Q of `ss -lnt` (the effective limit) with net.core.somaxconn, and raise the smaller one.",
    };
  }
  if (effectiveLimit < somaxconn) {
    return {
      binding:
        `Its limit of ${formatCount(effectiveLimit)} is the program's own backlog (somaxconn allows ${formatCount(somaxconn)}): ` +
        "raising somaxconn alone does nothing.",
      remedy: `Pass a larger backlog to listen() (nginx: listen ... backlog=N; Node: server.listen({backlog: N})), up to somaxconn (${formatCount(somaxconn)}).`,
    };
  }
  return {
    binding: `Its limit of ${formatCount(effectiveLimit)} is net.core.somaxconn: the program asked for as much or more.`,
    remedy:
      `${suggestion("net.core.somaxconn")} in the target's namespace before the program starts (it is read at listen()); the ` +
      "program's own backlog (511 in Node and nginx) binds next.",
  };
}
