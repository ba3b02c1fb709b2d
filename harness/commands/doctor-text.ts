import type { Capability } from "../core/capability.ts";
import { printable } from "../core/text.ts";
import { wrap } from "../core/words.ts";
import { layOutTable, type TextColumn } from "../report/text-table.ts";
import type { Sysctls } from "../suite/suite.ts";
import type { KeyRow } from "../testbeds/kubernetes/doctor/key-rows.ts";
import type { RouteAnswer } from "../testbeds/kubernetes/doctor/probe-routes.ts";
import type { ProbeRow } from "../testbeds/kubernetes/doctor/probe-rows.ts";
import type { TextFormat } from "./formats.ts";

export interface DoctorOptions {
  cluster: string;
  /** Sysctls to tell about; without them those that people reach for. */
  keys?: string[];
  /** Makes a pod that reads the node's settings and whether the keys are there. */
  probe?: boolean;
  /** Tries by which routes the keys get into pods, and nothing else. */
  routes?: boolean;
  allowNodeChanges?: boolean;
  format: TextFormat;
}

export interface MachineReport {
  /** Nothing that is required is missing. */
  able: boolean;
  capabilities: Capability[];
}

export interface ClusterReport extends MachineReport {
  name: string;
  keys: KeyRow[];
  /** What one pod read; null where none was asked to, or none came to run. */
  probe: { node: string; demanded: ProbeRow[]; keys: ProbeRow[] } | null;
}

/** What `doctor --routes` says, as JSON has it. */
export interface RoutesReport {
  cluster: string;
  namespace: string;
  settings: Sysctls;
  routes: RouteAnswer[];
}

const indent = "         ";

/** All that doctor was asked, for people. `name`: of the cluster. */
export function doctorText(
  { machine, cluster }: { machine: MachineReport | null; cluster: ClusterReport | null },
  name: string,
  width: number,
): string {
  const what = name === "local" ? "experiments" : `the cluster ${name}`;
  const notUp = name !== "local" && machine?.able === true && cluster === null;
  return [
    machine === null ? "" : capabilityLines(machine.capabilities, width),
    machine === null
      ? ""
      : `\nThis machine ${machine.able ? "can run" : "can't run"} ${what}${machine.able ? "" : " yet"}.\n`,
    notUp ? `It is not up: tunebench cluster up ${name}\n` : "",
    machine === null || cluster === null ? "" : "\n",
    cluster === null ? "" : clusterText(cluster, width),
  ].join("");
}

function clusterText({ name, able, capabilities, keys, probe }: ClusterReport, width: number): string {
  return [
    capabilityLines(capabilities, width),
    `\n${keyTable(keys, width)}`,
    probe === null ? "" : `\nWhat --protect-kernel-defaults demands of node ${printable(probe.node)}\n`,
    probe === null ? "" : protectedTable(probe.demanded, width),
    probe === null ? "" : `\nA pod's own namespaces there\n${readTable(probe.keys, width)}`,
    `\nThe cluster ${name} ${able ? "can run experiments" : "can't run experiments yet"}.\n`,
  ].join("");
}

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

/** What came of each route: it works, or the platform's own words, why, and what to do instead (said once). */
export function routesText({ cluster, namespace, settings, routes }: RoutesReport, width: number): string {
  const asked = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  const title = `${asked.join(", ")} in a pod of the cluster ${cluster}, namespace ${namespace}:`;
  const isThereAnyhow = routes.some(({ route, answer }) => route === "none" && answer === "works");
  const lines = [
    ...wrap(printable(title), width),
    ...routes.flatMap((answer) => routeLines(answer, routes, width)),
    ...(isThereAnyhow ? wrap(thereAnyhow, width) : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

const thereAnyhow =
  "A pod has that value whatever the route: this shows nothing. Ask for another one: --keys KEY=VALUE";

function routeLines(one: RouteAnswer, all: RouteAnswer[], width: number): string[] {
  const { route } = one;
  if (one.answer === "works") return [`works    ${route}`];
  const { remedy, reason } = one;
  const [mark, words] = one.answer === "refused" ? ["refused  ", `: ${one.words}`] : ["untried  ", ""];
  const first = all.find((other) => other.answer !== "works" && other.remedy === remedy)?.route ?? route;
  return [
    ...folded(`${route}${words}`, width, mark),
    ...folded(reason, width, indent),
    ...folded(`remedy: ${first === route ? remedy : `as for ${first}`}`, width, indent),
  ];
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
