import type { Analysis } from "../analysis/analysis.ts";
import type { Finding } from "../diagnose/finding.ts";
import { formatEvidence } from "./measures.ts";

/** Findings of one rule and remedy over all profiles, so that a remedy is read once. */
export interface FindingGroup {
  rule: Finding["rule"];
  title: string;
  side: Finding["side"];
  remedy: string;
  cases: FindingCase[];
}

/** One sentence and the profiles of which it holds, each with its own numbers. */
export interface FindingCase {
  bottleneck: string;
  members: { profile: string; finding: Finding }[];
}

const titles: Record<Finding["rule"], string> = {
  "port-exhaustion": "Port exhaustion",
  "scan-cliff": "Scan cliff",
  "accept-queue-overflow": "Accept queue overflow",
  "generator-bound": "Generator was the limit",
  "time-wait-bucket-overflow": "TIME_WAIT buckets overflowed",
  "receive-work-on-one-cpu": "Receive work on one CPU",
  "conntrack-full": "Connection tracking full",
  "cgroup-throttling": "Throttled by cgroup",
  "target-cpu-bound": "Target out of CPU",
  "target-crashed": "Target crashed",
};

/** Findings in the order in which the profiles show them. */
export function groupFindings(analysis: Analysis): FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  for (const profile of analysis.profiles) {
    for (const finding of profile.findings) {
      const key = JSON.stringify([finding.rule, finding.side, finding.remedy]);
      const { rule, side, remedy } = finding;
      const group = groups.get(key) ?? { rule, title: titles[rule] ?? rule, side, remedy, cases: [] };
      addTo(group.cases, profile.name, finding);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

function addTo(cases: FindingCase[], profile: string, finding: Finding): void {
  const same = cases.find(({ bottleneck }) => bottleneck === finding.bottleneck);
  if (same !== undefined) same.members.push({ profile, finding });
  else cases.push({ bottleneck: finding.bottleneck, members: [{ profile, finding }] });
}

/** "throughput before: 2,950/s; at: 7.5 s", and how much more there is beyond `most`. */
export function describeEvidence({ evidence }: Finding, most = Number.POSITIVE_INFINITY): string {
  const shown = evidence.slice(0, most).map(({ what, value, unit }) => `${what}: ${formatEvidence(value, unit)}`);
  return [...shown, ...(evidence.length > most ? [`${evidence.length - most} more`] : [])].join("; ");
}

/** "3 of 3 trials"; null where there was only one. */
export function describeSeen({ seenIn, trials }: Finding): string | null {
  return trials === 1 ? null : `${seenIn} of ${trials} trials`;
}
