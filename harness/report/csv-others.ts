import type { ProfileAnalysis } from "../analysis/analysis.ts";
import type { ConditionSummary, GoalSummary, Range } from "../analysis/conditions.ts";
import type { Sizing } from "../analysis/sizing.ts";
import { type MeasureName, measureOf } from "../core/measures.ts";
import { refusalMessage } from "./refusals.ts";
import type { ReportInput } from "./report-input.ts";

/** A number of one profile that stands beside the measures: "conditions.failure.faultRatio", "sizing.cpuLimitCores". */
export interface OtherNumber {
  profile: string;
  name: string;
  unit: string;
  range: Range;
  /** Words that belong to it; text of unknown origin. */
  reason?: string;
}

/** In how many trials the platform refused it, in how many blocks each goal was kept, what a search's ports allow, what was measured under each condition, and the sizing. */
export function otherNumbers({ analysis }: ReportInput): OtherNumber[] {
  return [
    ...analysis.profiles.flatMap(refusedTrials),
    ...analysis.profiles.flatMap(profileNumbers),
    ...analysis.conditions.flatMap(conditionNumbers),
    ...analysis.sizing.flatMap(sizingNumbers),
  ];
}

function conditionNumbers(summary: ConditionSummary): OtherNumber[] {
  const number = (name: string, unit: string, range: Range | null) =>
    range === null ? [] : [{ profile: summary.profile, name: `conditions.${summary.condition}.${name}`, unit, range }];
  const measure = (name: MeasureName, range: Range | null) => number(name, measureOf(name).unit, range);
  return [
    ...measure("sustainedPerSecond", summary.sustainedPerSecond),
    ...measure("faultRatio", summary.faultRatio),
    ...measure("latencyMs.p50", summary.p50Ms),
    ...measure("latencyMs.p99", summary.p99Ms),
    ...number("recoverySeconds", "s", summary.recoverySeconds),
    ...summary.goals.flatMap((goal) => number(goalName(goal), "blocks kept", keptIn(goal))),
    ...Object.entries(summary.use).flatMap(([role, use]) => [
      ...number(`cpuCores.${role}.mean`, "cores", use.meanCores),
      ...number(`cpuCores.${role}.peak`, "cores", use.peakCores),
      ...number(`memoryBytes.${role}.mean`, "bytes", use.meanMemoryBytes),
      ...number(`memoryBytes.${role}.peak`, "bytes", use.peakMemoryBytes),
    ]),
  ];
}

function refusedTrials({ name: profile, refused, refusal, trials }: ProfileAnalysis): OtherNumber[] {
  if (refused === 0) return [];
  const range = { median: refused, low: refused, high: refused, n: trials };
  const reason = refusal === null ? "no reason was recorded" : refusalMessage(refusal);
  return [{ profile, name: "refused", unit: "trials", range, reason }];
}

function profileNumbers({ name: profile, goals, search }: ProfileAnalysis): OtherNumber[] {
  const ceiling = search?.ceilingPerSecond ?? null;
  const n = search?.searches.length ?? 0;
  const allowed = ceiling === null ? [] : [{ median: ceiling, low: ceiling, high: ceiling, n }];
  return [
    ...goals.map((goal) => ({ profile, name: goalName(goal), unit: "blocks kept", range: keptIn(goal) })),
    ...allowed.map((range) => ({ profile, name: "search.portsAllowPerSecond", unit: "1/s", range })),
  ];
}

function goalName({ measure, comparison, limit }: GoalSummary): string {
  return `goals.${measure} ${comparison} ${limit} ${measureOf(measure).unit}`;
}

/** A count of blocks is no median of anything: it stands in all three places, of so many that were judged. */
function keptIn({ kept, missed }: GoalSummary): Range {
  return { median: kept, low: kept, high: kept, n: kept + missed };
}

function sizingNumbers({ profile, n, ...sizing }: Sizing): OtherNumber[] {
  const fields = ["cpuRequestCores", "cpuLimitCores", "memoryRequestBytes", "memoryLimitBytes"] as const;
  return fields.flatMap((field) => {
    const from = sizing[field];
    if (from === null) return [];
    const unit = field.endsWith("Cores") ? "cores" : "bytes";
    return [
      { profile, name: `sizing.${field}`, unit, range: { median: from.value, low: from.value, high: from.value, n } },
    ];
  });
}
