import { limitMargin, type SizedFrom, type Sizing } from "../analysis/sizing.ts";
import { formatPercent } from "../core/units.ts";
import { counted } from "../core/words.ts";
import type { ReportInput } from "./report-input.ts";

/** What one copy of the target may be given, in the units of a Kubernetes manifest. */
export interface SizingRow {
  profile: string;
  /** 60m, 300m: thousandths of a core. */
  cpuRequest: string;
  cpuLimit: string;
  /** 94Mi */
  memoryRequest: string;
  memoryLimit: string;
  sizing: Sizing;
}

/** One for each profile that was seen under a condition. */
export function sizingRows({ analysis }: ReportInput): SizingRow[] {
  return analysis.sizing.map((sizing) => ({
    profile: sizing.profile,
    cpuRequest: millicores(sizing.cpuRequestCores),
    cpuLimit: millicores(sizing.cpuLimitCores),
    memoryRequest: mebibytes(sizing.memoryRequestBytes),
    memoryLimit: mebibytes(sizing.memoryLimitBytes),
    sizing,
  }));
}

/** Rounded up to ten thousandths: the samplers' tick is no finer. */
function millicores(from: SizedFrom | null): string {
  return from === null ? "-" : `${Math.ceil(from.value * 100) * 10}m`;
}

function mebibytes(from: SizedFrom | null): string {
  return from === null ? "-" : `${Math.ceil(from.value / 2 ** 20)}Mi`;
}

/** Under which condition a number was found: "in peak". */
export function foundIn(from: SizedFrom | null): string | null {
  return from === null ? null : `in ${from.condition}`;
}

/** How the numbers were made, and what they do not know: sentences. "" without sizing. */
export function sizingLegend({ run, analysis }: ReportInput): string {
  const [first] = analysis.sizing;
  if (first === undefined) return "";
  const n = Math.min(...analysis.sizing.map((sizing) => sizing.n));
  const copy = first.copies === 1 ? "" : `, the busiest of ${first.copies}`;
  const { cpus, environment } = run.provenance;
  const where = environment.kubernetes === null ? `${cpus} CPUs that the generator shares` : "one pod on its node";
  return [
    `For one copy of the target${copy}, in a manifest's units (1000m is a core).`,
    "Requests: its mean use in the condition without actions that took most (median over blocks).",
    `Limits: the highest second, or look at its memory, of any condition, and ${formatPercent(limitMargin)} more.`,
    `A suggestion, from ${counted(n, "block")} of ${where}:`,
    "peaks shorter than a second are not seen, and resident memory counts pages that copies share in each.",
  ].join(" ");
}
