import { exitCodes, InputError } from "../core/errors.ts";
import type { Screen } from "../core/screen.ts";
import { durationAllowed, parseDurationMs } from "../core/units.ts";
import type { Observation } from "../observe/observation.ts";
import { isNear } from "../observe/outlook.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { observationJson } from "../report/observe/observe-json.ts";
import { observeReport } from "../report/observe/observe-report.ts";
import { prometheusText } from "../report/observe/prometheus.ts";
import { renderTerminal } from "../report/terminal.ts";
import { writeWhole } from "../results/write.ts";
import type { ObserveFormat } from "./formats.ts";
import type { ResultsOptions } from "./results-option.ts";

export interface ObserveOptions extends ResultsOptions {
  pid?: number;
  listen?: number;
  container?: string;
  node?: boolean;
  /** NS/NAME, NS/KIND/NAME, and the cluster file that says where. */
  pod?: string;
  workload?: string;
  cluster?: string;
  /** What was delivered: a run, with its profile, or a delivery.json. */
  expect?: string;
  profile?: string;
  /** A folder for a suite of what was seen; what its load asks for. */
  suite?: string;
  path?: string;
  /** "30s" */
  for?: string;
  within: string;
  watch?: boolean;
  /** A file for what would go to stdout. */
  out?: string;
  format: ObserveFormat;
}

/** Whether it is a cluster's pods that are looked at. */
export function isPodAsked({ pod, workload }: Pick<ObserveOptions, "pod" | "workload">): boolean {
  return pod !== undefined || workload !== undefined;
}

/** How long a look lasts, ms. Throws InputError for what is no time. */
export function lookMs({ for: asked, node }: Pick<ObserveOptions, "for" | "node">): number {
  return asked === undefined ? (node === true ? 2000 : 10_000) : timeMs("--for", asked);
}

/** The time that an option was given, ms. Throws InputError with what is allowed. */
export function timeMs(option: string, text: string): number {
  const ms = parseDurationMs(text);
  if (ms === null) throw new InputError(`${option}: ${JSON.stringify(text)} is no time`, { hint: durationAllowed });
  return ms;
}

/** 1 where somebody has to act; 3 where it can't be said that nobody has to. */
export function observeExitCode({ outlook }: Pick<Observation, "outlook">): number {
  if (outlook.kind === "unseen") return exitCodes.cannotRunHere;
  return isNear(outlook) ? exitCodes.regression : exitCodes.done;
}

/** The look as it was asked for, into a file or to stdout. */
export function show(observation: Observation, { format, out }: ObserveOptions, screen: Screen): void {
  const text = render(observation, format, out === undefined ? screen : { width: 80, color: false });
  if (out === undefined) screen.write(text);
  else writeWhole(out, text, asOpenAsAsked);
}

/** Of a file elsewhere than in a run's folder: what the umask leaves. */
const asOpenAsAsked = 0o666;

export function render(
  observation: Observation,
  format: ObserveFormat,
  style: Pick<Screen, "width" | "color">,
): string {
  switch (format) {
    case "json":
      return observationJson(observation);
    case "prometheus":
      return prometheusText(observation);
    case "md":
      return renderMarkdown(observeReport(observation));
    case "terminal":
      return renderTerminal(observeReport(observation), style);
  }
}
