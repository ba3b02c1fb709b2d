import { limitMargin, type SizedFrom } from "../../analysis/sizing.ts";
import { formatPercent } from "../../core/units.ts";
import { counted } from "../../core/words.ts";
import { detail, type Section, type Text } from "../blocks.ts";
import type { ReportInput } from "../report-input.ts";
import { profilePiece } from "./pieces.ts";

/** What one copy of the target may be given, in the units of a Kubernetes manifest, and under which condition each number was found; null without conditions. */
export function sizingSection(input: ReportInput): Section | null {
  const rows = input.analysis.sizing.map((sizing): Text[] => [
    profilePiece(input.analysis, sizing.profile),
    found(sizing.cpuRequestCores, millicores),
    found(sizing.cpuLimitCores, millicores),
    found(sizing.memoryRequestBytes, mebibytes),
    found(sizing.memoryLimitBytes, mebibytes),
  ]);
  if (rows.length === 0) return null;
  const titles = ["CPU request", "CPU limit", "memory request", "memory limit"];
  const columns = [{ title: "profile" }, ...titles.map((title) => ({ title, numeric: true }))];
  const caption = "Requests and limits of one copy of the target";
  return {
    id: "sizing",
    title: "Sizing",
    reach: "everywhere",
    blocks: [{ kind: "table", caption, columns, rows, notes: legend(input) }],
  };
}

function found(from: SizedFrom | null, unit: (value: number) => string): Text {
  return from === null ? "-" : [unit(from.value), ...detail(`in ${from.condition}`)];
}

/** Thousandths of a core, rounded up to ten: the samplers' tick is no finer. */
function millicores(cores: number): string {
  return `${Math.ceil(cores * 100) * 10}m`;
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)}Mi`;
}

/** How the numbers were made, and what they do not know: sentences. */
function legend({ run, analysis }: ReportInput): string[] {
  const copies = Math.max(...analysis.sizing.map((sizing) => sizing.copies));
  const n = Math.min(...analysis.sizing.map((sizing) => sizing.n));
  const copy = copies === 1 ? "" : `, the busiest of ${copies}`;
  const { cpus, environment } = run.provenance;
  const where = environment.kubernetes === null ? `${cpus} CPUs that the generator shares` : "one pod on its node";
  return [
    `For one copy of the target${copy}, in a manifest's units (1000m is a core).`,
    "Requests: its mean use in the condition without actions that took most (median over blocks).",
    `Limits: the highest second, or look at its memory, of any condition, and ${formatPercent(limitMargin)} more.`,
    `A suggestion, from ${counted(n, "block")} of ${where}:`,
    "peaks shorter than a second are not seen, and resident memory counts pages that copies share in each.",
  ];
}
