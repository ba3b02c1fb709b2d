import type { SearchSummary } from "../../analysis/analysis.ts";
import type { MeasureName } from "../../core/measures.ts";
import type { FindPathChart } from "./find-path.ts";

/** A measure of one profile in one run. */
export interface TrendMark {
  /** When: "11-21". */
  label: string;
  /** Median, lowest and highest of its trials; null where the run did not measure it. */
  value: { median: number; low: number; high: number; isBound: boolean } | null;
  /** What of the machine is not as it was before: "kernel"; "" where only other things changed, null where nothing did. */
  change: string | null;
}

/** What a figure shows. Series over time are drawn from the page's data, by their places in it; searches and trends hold their own few numbers. */
export type Chart =
  | { kind: "all-throughput" | "all-ports" }
  | { kind: "throughput" | "latency" | "ports"; profile: number }
  /** `strip` of the profile's; the time axis ends at `seconds`. */
  | { kind: "heat"; profile: number; strip: number; cpus: number; seconds: number }
  | { kind: "find-path"; path: FindPathChart }
  | { kind: "search"; search: SearchSummary["searches"][number]; ceilingPerSecond: number | null }
  /** `palette`: the profile's place. */
  | { kind: "trend"; measure: MeasureName; palette: number; marks: TrendMark[] };
