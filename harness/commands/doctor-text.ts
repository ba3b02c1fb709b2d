import type { Capability } from "../core/capability.ts";
import { printable } from "../core/text.ts";
import { wrap } from "../core/words.ts";
import { layOutTable, type TextColumn } from "../report/text-table.ts";
import type { KeyRow } from "../testbeds/kubernetes/doctor/keys.ts";
import type { ProbeRow } from "../testbeds/kubernetes/doctor/probe-rows.ts";

export interface DoctorOptions {
  cluster: string;
  /** Sysctls to tell about; without them those that people reach for. */
  keys?: string[];
  /** Makes a pod that reads the node's settings and whether the keys are there. */
  probe?: boolean;
}

const indent = "         ";

/** `ok       name: detail`, folded at the screen's width, and the remedy of what is missing. */
export function capabilityLines(capabilities: Capability[], width: number): string {
  const lines = capabilities.flatMap(({ name, ok, required, detail, remedy }) => [
    ...folded(`${name}: ${detail}`, width, ok ? "ok       " : required ? "missing  " : "without  "),
    ...(remedy === null || ok ? [] : folded(`remedy: ${remedy}`, width, indent)),
  ]);
  return lines.map((line) => `${line}\n`).join("");
}

/** A program's own words may take several lines. */
function folded(text: string, width: number, first: string): string[] {
  return text.split("\n").flatMap((line, index) => wrap(printable(line), width, indent, index === 0 ? first : indent));
}

/** Whether each key can be in a pod. */
export function keyTable(rows: KeyRow[], width: number): string {
  const columns = [left("key"), left("safe since"), left("kernel"), left("here, in a pod")];
  return table(
    columns,
    rows.map(({ key, safeSince, kernel, here }) => [key, safeSince, kernel, here]),
    width,
  );
}

/** What a pod read of what the node is to have. */
export function protectedTable(rows: ProbeRow[], width: number): string {
  const columns = [left("key"), left("expected"), left("found"), left("")];
  return table(
    columns,
    rows.map(({ key, expected, found, words }) => [key, expected, found, words]),
    width,
  );
}

/** What a pod read of the keys that were asked for. */
export function readTable(rows: ProbeRow[], width: number): string {
  const columns = [left("key"), left("reads"), left("")];
  return table(
    columns,
    rows.map(({ key, found, words }) => [key, found, words]),
    width,
  );
}

function table(columns: TextColumn[], rows: string[][], width: number): string {
  const safe = rows.map((row) => row.map(printable));
  return layOutTable(columns, safe, width)
    .lines.map((line) => `${line.trimEnd()}\n`)
    .join("");
}

function left(title: string): TextColumn {
  return { title, align: "left", dropOrder: null };
}
