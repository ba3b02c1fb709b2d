import { type DifferenceKind, differenceKinds } from "../analysis/differences.ts";
import { gateOneRun, gateTwoRuns } from "../analysis/gate.ts";
import type { Gate, GateDecision, GateSide } from "../analysis/gate-record.ts";
import { exitCodes, InputError } from "../core/errors.ts";
import { didYouMean } from "../core/nearest.ts";
import { screenOf } from "../core/screen.ts";
import { jsonText } from "../core/text.ts";
import { renderGateJunit } from "../report/gate/junit.ts";
import { renderGateMarkdown } from "../report/gate/markdown.ts";
import { renderGateTerminal } from "../report/gate/terminal.ts";
import { gateRecord } from "../report/json.ts";
import type { RunRecord } from "../results/run.ts";
import type { GateFormat } from "./formats.ts";
import { oneOf } from "./one-of.ts";
import { placeOf, writeReport } from "./report-file.ts";
import { sideOf, twoSides } from "./stored-side.ts";

interface GateOptions {
  results: string;
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
  const decided = gateOf(references, options, allowed);
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

/** The reports that are asked for, each at a place of its own. */
function filesOf({ md, json, junit }: GateOptions): [string, Exclude<GateFormat, "terminal">][] {
  const all = [[md, "md"] as const, [json, "json"] as const, [junit, "junit"] as const];
  const files = all.flatMap(([file, kind]): ReturnType<typeof filesOf> => (file === undefined ? [] : [[file, kind]]));
  const places = files.map(([file]) => placeOf(file));
  const twice = places.findIndex((place, index) => place !== "/dev/null" && places.indexOf(place) !== index);
  const [again] = files[twice] ?? [];
  if (again !== undefined) throw new InputError(`two reports can't both be ${again}`, { hint: "name another file" });
  return files;
}

function gateOf(references: string[], options: GateOptions, allowed: DifferenceKind[]): Gate {
  const [first = "", second, ...more] = references;
  if (more.length > 0) throw new InputError(`${references.length} runs are named`, { hint: "one run, or two" });
  if (second === undefined) {
    const one = sideOf(first, options.results);
    return gateOneRun(one, profilesOf(one.run, options));
  }
  const hint = "name two runs, or one run with --baseline and --candidate";
  const [one, other] = twoSides([first, second], options.results, hint);
  const baseline = known(one.run, options.baseline ?? one.run.baseline);
  const candidate = known(other.run, options.candidate ?? onlyProfile(other.run, baseline));
  return gateTwoRuns(side(one, baseline), side(other, candidate), allowed);
}

/** The same name goes without saying only where there is no other: the baseline against itself would always pass. */
function onlyProfile(run: RunRecord, baseline: string): string {
  if (run.profiles.length === 1) return baseline;
  const names = run.profiles.map(({ name }) => name);
  throw new InputError(`which profile of ${run.id} is the candidate?`, { hint: `--candidate ${names.join(" | ")}` });
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

export function renderGate(decided: Gate, format: GateFormat): string {
  switch (format) {
    case "md":
      return renderGateMarkdown(decided);
    case "json":
      return jsonText(gateRecord(decided));
    case "junit":
      return renderGateJunit(decided);
    default:
      return renderGateTerminal(decided, screenOf(process.stdout));
  }
}
