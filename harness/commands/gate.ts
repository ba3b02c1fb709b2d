import { type DifferenceKind, differenceKinds } from "../analysis/differences.ts";
import type { Gate, GateDecision, StoredSide } from "../analysis/gate-record.ts";
import { gate as gateStored } from "../analysis/gate-stored.ts";
import { exitCodes, InputError } from "../core/errors.ts";
import { screenOf } from "../core/screen.ts";
import { jsonText } from "../core/text.ts";
import { renderGateJunit } from "../report/gate/junit.ts";
import { gateRecord } from "../report/json.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { gateReport } from "../report/sections/gate.ts";
import { renderTerminal } from "../report/terminal.ts";
import type { GateFormat } from "./formats.ts";
import { oneOf } from "./one-of.ts";
import { realPathOf, writeReport } from "./report-file.ts";
import type { RunChoice } from "./results-option.ts";
import { chosenSide } from "./stored-side.ts";

interface GateOptions extends RunChoice {
  baseline?: string;
  candidate?: string;
  allow?: string[];
  format: GateFormat;
  md?: string;
  json?: string;
  junit?: string;
}

/**
 * `tunebench gate`: whether the candidate is worse than the baseline, from one run that holds both or from two runs. Prints
 * one report, writes those that were asked for; exit code 0, 1 (regression) or 5 (inconclusive).
 */
export function gate(references: string[], options: GateOptions): number {
  const allowed = allowedOf(references, options);
  const files = filesOf(options);
  const decided = gateStored(sidesOf(references, options), { ...options, allow: allowed });
  for (const [file, kind] of files) writeReport(file, renderGate(decided, kind));
  process.stdout.write(renderGate(decided, options.format));
  return exitCodeOf[decided.decision];
}

const exitCodeOf: Record<GateDecision, number> = {
  pass: exitCodes.done,
  regression: exitCodes.regression,
  inconclusive: exitCodes.inconclusive,
};

/** Kinds of differences that are allowed; they are those of two runs. */
function allowedOf(references: string[], { allow = [] }: GateOptions): DifferenceKind[] {
  const named = allow.map((name) => name.trim()).filter((name) => name !== "");
  const allowed = named.map((name) => oneOf(differenceKinds, name, "difference"));
  if (allow.length > 0 && references.length < 2) {
    throw new InputError("--allow is for two runs: within one run nothing differs but the profiles", {
      hint: "leave it out, or name the baseline's run too",
    });
  }
  return allowed;
}

/** The reports that are asked for, each in a file of its own. */
function filesOf({ md, json, junit }: GateOptions): [string, Exclude<GateFormat, "terminal">][] {
  const all = [[md, "md"] as const, [json, "json"] as const, [junit, "junit"] as const];
  const files = all.flatMap(([file, kind]): ReturnType<typeof filesOf> => (file === undefined ? [] : [[file, kind]]));
  const paths = files.map(([file]) => realPathOf(file));
  const twice = paths.findIndex((path, index) => path !== "/dev/null" && paths.indexOf(path) !== index);
  const [again] = files[twice] ?? [];
  if (again !== undefined) throw new InputError(`two reports can't both be ${again}`, { hint: "name another file" });
  return files;
}

function sidesOf(references: string[], choice: RunChoice): [StoredSide] | [StoredSide, StoredSide] {
  const [first = "", second, ...more] = references;
  if (more.length > 0) throw new InputError(`a gate takes one run or two, not ${references.length}`);
  const one = chosenSide(first, choice);
  return second === undefined ? [one] : [one, chosenSide(second, choice)];
}

export function renderGate(decided: Gate, format: GateFormat): string {
  switch (format) {
    case "md":
      return renderMarkdown(gateReport(decided));
    case "json":
      return jsonText(gateRecord(decided));
    case "junit":
      return renderGateJunit(decided);
    default:
      return renderTerminal(gateReport(decided), screenOf(process.stdout));
  }
}
