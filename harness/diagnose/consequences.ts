import type { Found, RuleId } from "./finding.ts";

/** What one rule says of a trial. */
export type Hit = { [Id in RuleId]: { rule: Id; found: Found<Id> } }[RuleId];

/** What stands after explaining: a cause, or what only follows from one. */
export type Explained = Hit & { consequenceOf: RuleId | null };

/** Rules that say how things look where nothing names the cause: any of those before them does. */
const lastResorts: readonly RuleId[] = ["slow-accept", "bandwidth-cap", "waits-on-upstream", "program-limit"];

/** Causes of which these only follow: they stay, told as consequences. */
const consequences: Partial<Record<RuleId, readonly RuleId[]>> = {
  "out-of-memory": ["target-crashed", "refused-dials"],
  "target-crashed": ["refused-dials"],
  "scan-cliff": ["target-cpu-bound"],
  "cgroup-throttling": ["target-cpu-bound", "accept-queue-overflow"],
  "accept-queue-overflow": ["unix-socket-queue"],
  "target-cpu-bound": ["accept-queue-overflow"],
  "connection-limit": ["pool-exhausted"],
};

/** What is not so where the cause is known: an overflowing queue follows from workers that do not accept, and a longer one would help nobody. */
const insteadOf: Partial<Record<RuleId, readonly RuleId[]>> = {
  hung: ["accept-queue-overflow", "syn-queue-overflow"],
  "out-of-memory": ["accept-queue-overflow"],
  "target-crashed": ["accept-queue-overflow"],
  "open-files": ["accept-queue-overflow", "connection-limit"],
  "connection-limit": ["accept-queue-overflow"],
  "rate-limit": ["accept-queue-overflow"],
  "refused-dials": ["accept-queue-overflow"],
  "unix-socket-queue": ["accept-queue-overflow"],
  "slow-accept": ["accept-queue-overflow"],
  "source-address-ports": ["port-exhaustion"],
  "masquerade-ports": ["packet-loss"],
};

/** Findings that explain no failure and no want: they stand beside a cause. */
const beside: readonly RuleId[] = ["generator-bound", "time-wait-bucket-overflow", "receive-work-on-one-cpu"];

/**
 * The causes among what the rules found in one trial, in their order, then what only follows from one of them. A last resort stands where
 * nothing else explains the trial, the first of them alone.
 */
export function explain(hits: readonly Hit[]): Explained[] {
  const found = new Set(hits.map(({ rule }) => rule));
  const isCause = (rule: RuleId) => !lastResorts.includes(rule) && !beside.includes(rule);
  const slow = found.has("slow-accept");
  const named = hits.some(({ rule }) => isCause(rule) && !(slow && rule === "accept-queue-overflow"));
  const first = named ? undefined : lastResorts.find((rule) => found.has(rule));
  const left = hits.filter(({ rule }) => !lastResorts.includes(rule) || rule === first);
  const causes = left.map(({ rule }) => rule);
  const kept = left.filter(({ rule }) => !causes.some((cause) => insteadOf[cause]?.includes(rule) === true));
  const told = kept.map((hit) => ({ ...hit, consequenceOf: causeOf(hit.rule, kept) }));
  return [
    ...told.filter(({ consequenceOf }) => consequenceOf === null),
    ...told.filter(({ consequenceOf }) => consequenceOf !== null),
  ];
}

function causeOf(rule: RuleId, kept: readonly Hit[]): RuleId | null {
  return kept.find((other) => consequences[other.rule]?.includes(rule) === true)?.rule ?? null;
}
