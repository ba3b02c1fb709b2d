import type { SearchSummary } from "../../analysis/analysis.ts";

/** What a figure shows. Series over time are drawn from the page's data, by their places in it; a search holds its own few numbers. */
export type Chart =
  | { kind: "all-throughput" | "all-ports" }
  | { kind: "throughput" | "latency" | "ports"; profile: number }
  /** `strip` of the profile's; the time axis ends at `seconds`. */
  | { kind: "heat"; profile: number; strip: number; cpus: number; seconds: number }
  | { kind: "search"; search: SearchSummary["searches"][number]; ceilingPerSecond: number | null };
