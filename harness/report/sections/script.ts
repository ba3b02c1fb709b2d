import type { Analysis } from "../../analysis/analysis.ts";
import type { EndpointSummary, ScriptMetricSummary } from "../../analysis/script-summary.ts";
import { formatBrief, formatCount } from "../../core/numbers.ts";
import { formatMilliseconds, formatPercent } from "../../core/units.ts";
import type { CheckCount } from "../../results/script-counts.ts";
import type { Block, Column, Section, Text } from "../blocks.ts";
import { profilePiece } from "./pieces.ts";

/** Past so many lines it is for documents: a script may name fifty endpoints. */
const mostLines = 24;

/** What the script itself counts: its checks, its requests by the name that it gives them, its own metrics; null where it counts nothing. */
export function scriptSection(analysis: Analysis): Section | null {
  const rowsOf = <T>(items: (script: Analysis["profiles"][number]["script"]) => T[], cells: (item: T) => Text[]) =>
    analysis.profiles.flatMap(({ name, script }) =>
      items(script).map((item): Text[] => [profilePiece(analysis, name), ...cells(item)]),
    );
  const tables = [
    table(
      "Checks",
      ["check"],
      ["passed", "failed"],
      rowsOf(({ checks }) => checks, checkCells),
    ),
    table(
      "Requests by name, over the whole load",
      ["endpoint"],
      ["requests", "failed", "p50", "p99"],
      rowsOf(({ endpoints }) => endpoints, endpointCells),
    ),
    table(
      "Metrics of its own",
      ["metric", "kind"],
      ["value", "p50", "p99"],
      rowsOf(({ metrics }) => metrics, metricCells),
    ),
  ].filter((block) => block !== null);
  if (tables.length === 0) return null;
  const lines = tables.reduce((sum, { rows }) => sum + rows.length, 0);
  const blocks = tables.map(({ title, ...rest }): Block => {
    const block: Block = { kind: "table", caption: title, ...rest, notes: [] };
    return { kind: "group", title, blocks: [block] };
  });
  return {
    id: "script",
    title: "What the script counts",
    reach: lines > mostLines ? "documents" : "everywhere",
    blocks,
  };
}

function table(title: string, names: string[], numbers: string[], rows: Text[][]) {
  if (rows.length === 0) return null;
  const columns: Column[] = [
    { title: "profile" },
    ...names.map((name) => ({ title: name, isName: true })),
    ...numbers.map((number) => ({ title: number, numeric: true })),
  ];
  return { title, columns, rows };
}

function checkCells({ name, passed, failed }: CheckCount): Text[] {
  return [name, formatCount(passed), formatCount(failed)];
}

function endpointCells({ name, requests, failed, latencyMs }: EndpointSummary): Text[] {
  const times = latencyMs === null ? ["-", "-"] : [latencyMs.p50, latencyMs.p99].map(formatMilliseconds);
  return [name, formatCount(requests), formatCount(failed), ...times];
}

function metricCells({ name, kind, value, unit, percentiles }: ScriptMetricSummary): Text[] {
  const shown = (number: number) => (unit === "ms" ? formatMilliseconds(number) : formatBrief(number));
  const ranks = percentiles === null ? ["-", "-"] : [shown(percentiles.p50), shown(percentiles.p99)];
  return [
    name,
    kind === "trend" ? "trend (mean)" : kind,
    kind === "rate" ? formatPercent(value) : shown(value),
    ...ranks,
  ];
}
