import type { ConditionSummary, Range } from "../analysis/conditions.ts";
import type { Sizing } from "../analysis/sizing.ts";
import { measureStyles } from "./measures.ts";
import type { ReportInput } from "./report-input.ts";

/** A number of one profile that stands beside the measures: "conditions.failure.faultRatio", "sizing.cpuLimitCores". */
export interface OtherNumber {
  profile: string;
  name: string;
  unit: string;
  range: Range;
}

/** What was measured under each condition, in how many blocks each goal was kept, and the sizing. */
export function otherNumbers({ analysis }: ReportInput): OtherNumber[] {
  return [...analysis.conditions.flatMap(conditionNumbers), ...analysis.sizing.flatMap(sizingNumbers)];
}

function conditionNumbers(summary: ConditionSummary): OtherNumber[] {
  const number = (name: string, unit: string, range: Range | null) =>
    range === null ? [] : [{ profile: summary.profile, name: `conditions.${summary.condition}.${name}`, unit, range }];
  return [
    ...number("sustainedPerSecond", "1/s", summary.sustainedPerSecond),
    ...number("faultRatio", "fraction", summary.faultRatio),
    ...number("latencyMs.p50", "ms", summary.p50Ms),
    ...number("latencyMs.p99", "ms", summary.p99Ms),
    ...number("recoverySeconds", "s", summary.recoverySeconds),
    ...summary.goals.flatMap(({ measure, comparison, limit, kept, missed }) =>
      number(
        `goals.${measure} ${comparison} ${limit} ${measureStyles[measure].unit}`,
        "blocks kept",
        counted(kept, kept + missed),
      ),
    ),
    ...Object.entries(summary.use).flatMap(([role, use]) => [
      ...number(`cpuCores.${role}.mean`, "cores", use.meanCores),
      ...number(`cpuCores.${role}.peak`, "cores", use.peakCores),
      ...number(`memoryBytes.${role}.mean`, "bytes", use.meanMemoryBytes),
      ...number(`memoryBytes.${role}.peak`, "bytes", use.peakMemoryBytes),
    ]),
  ];
}

/** A count of blocks is no median of anything: it stands in all three places, of so many that were judged. */
function counted(count: number, n: number): Range {
  return { median: count, low: count, high: count, n };
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
