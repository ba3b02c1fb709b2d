import { type DifferenceKind, differenceKinds } from "../analysis/differences.ts";
import { type GateSide, gateOneRun, gateTwoRuns } from "../analysis/gate.ts";
import type { Gate, GateDecision } from "../analysis/gate-record.ts";
import { exitCodes, IncompleteError, InputError } from "../errors.ts";
import { renderGateJunit } from "../report/gate/junit.ts";
import { renderGateMarkdown } from "../report/gate/markdown.ts";
import { renderGateTerminal } from "../report/gate/terminal.ts";
import type { RunRecord } from "../results/run.ts";
import { writeWhole } from "../results/write.ts";
import { didYouMean } from "../suite/nearest.ts";
import { oneOf } from "./one-of.ts";
import { screenOf } from "./screen.ts";
import { sideOf } from "./stored-side.ts";

/** What `gate --format` takes. */
export const gateFormats = ["terminal", "md", "json", "junit"] as const;

interface GateOptions {
  out: string;
  baseline?: string;
  candidate?: string;
  allow?: string[];
  format: string;
  md?: string;
  json?: string;
  junit?: string;
}

/**
 * `tunebench gate`: whether the candidate is worse than the baseline, from one run that holds both or from two runs. Prints
 * one report, writes those that were asked for; exit code 0, 1 (regression) or 5 (inconclusive).
 */
export function gate(references: string[], options: GateOptions): number {
  const format = oneOf(gateFormats, options.format, "format");
  const allowed = (options.allow ?? []).map((name) => oneOf(differenceKinds, name, "difference"));
  const decided = gateOf(references, options, allowed);
  const { md, json, junit } = options;
  for (const [file, kind] of [[md, "md"] as const, [json, "json"] as const, [junit, "junit"] as const]) {
    if (file !== undefined) writeReport(file, render(decided, kind));
  }
  process.stdout.write(render(decided, format));
  return exitCodeOf[decided.decision];
}

const exitCodeOf: Record<GateDecision, number> = {
  pass: exitCodes.done,
  regression: exitCodes.regression,
  inconclusive: exitCodes.inconclusive,
};

/** A report that can't be written is a wrong name, not a run that is not complete. */
function writeReport(file: string, text: string): void {
  try {
    writeWhole(file, text);
  } catch (error) {
    if (!(error instanceof IncompleteError)) throw error;
    throw new InputError(`can't write ${file}: ${(error.cause as Error).message}`, { cause: error });
  }
}

function gateOf(references: string[], options: GateOptions, allowed: DifferenceKind[]): Gate {
  const [first = "", second, ...more] = references;
  const one = sideOf(first, options.out);
  if (more.length > 0) throw new InputError(`${references.length} runs are named`, { hint: "one run, or two" });
  if (second === undefined) return gateOneRun(one, profilesOf(one.run, options));
  const other = sideOf(second, options.out);
  if (one.run.id === other.run.id) {
    throw new InputError(`both are run ${one.run.id}`, {
      hint: "name two runs, or one run with --baseline and --candidate",
    });
  }
  const baseline = known(one.run, options.baseline ?? one.run.baseline);
  const candidate = known(other.run, options.candidate ?? baseline);
  return gateTwoRuns(side(one, baseline), side(other, candidate), allowed);
}

function side(stored: Omit<GateSide, "profile">, profile: string): GateSide {
  return { ...stored, profile };
}

/** Who is compared within one run: the run's baseline and its only other profile, unless they are named. */
function profilesOf(run: RunRecord, options: GateOptions): { baseline: string; candidate: string } {
  const baseline = known(run, options.baseline ?? run.baseline);
  const others = run.profiles.map(({ name }) => name).filter((name) => name !== baseline);
  const [only, ...more] = others;
  if (options.candidate === undefined && (only === undefined || more.length > 0)) {
    throw new InputError(`which profile of ${run.id} is the candidate?`, {
      hint: only === undefined ? `it has only ${baseline}` : `--candidate ${others.join(" | ")}`,
    });
  }
  const candidate = known(run, options.candidate ?? only ?? "");
  if (candidate === baseline) throw new InputError(`baseline and candidate are both ${baseline}`);
  return { baseline, candidate };
}

function known(run: RunRecord, name: string): string {
  const names = run.profiles.map((profile) => profile.name);
  if (names.includes(name)) return name;
  throw new InputError(`no profile ${name} in run ${run.id}${didYouMean(name, names)}`, {
    hint: `it has ${names.join(", ")}`,
  });
}

function render(decided: Gate, format: (typeof gateFormats)[number]): string {
  switch (format) {
    case "md":
      return renderGateMarkdown(decided);
    case "json":
      return `${JSON.stringify(decided, null, 2)}\n`;
    case "junit":
      return renderGateJunit(decided);
    default:
      return renderGateTerminal(decided, screenOf(process.stdout));
  }
}
