import { didYouMean } from "../core/nearest.ts";
import { escaped } from "../core/text.ts";
import { checkCompared } from "./checks-compared.ts";
import { checkConditions } from "./checks-conditions.ts";
import { checkJudged } from "./checks-judged.ts";
import { checkLoad } from "./checks-load.ts";
import { checkParts } from "./checks-parts.ts";
import { checkReferences } from "./checks-references.ts";
import type { Path, SourceDocument } from "./document.ts";
import { faultKindCandidates, knownFaultKind } from "./faults.ts";
import { valueAt } from "./issues.ts";
import { type Problem, pathText, shown } from "./problems.ts";
import type { SuiteForm } from "./schema.ts";

/** Says what is wrong at a path of the file: at the value, or at the key where that is what must change. */
export type Report = (path: Path, text: string, part?: "key" | "value") => void;

/** The file as written, faulty or not: what is at a path if it has the kind of value that a check looks at. */
export interface Written {
  text(path: Path): string | null;
  keys(path: Path): string[];
  has(path: Path): boolean;
  isMap(path: Path): boolean;
}

/**
 * Faults that only two places of the file together show. They look at the file as written, so that a fault elsewhere
 * hides none of them; `form` has the sections that the schema found sound.
 */
export function crossChecks(form: Partial<SuiteForm>, document: SourceDocument): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, text, part = "value") => {
    problems.push({ ...document.locate(path, part), text: path.length === 0 ? text : `${pathText(path)}: ${text}` });
  };
  const written = writtenIn(document.data);
  checkLoad(form, written, report);
  checkLatency(form, report);
  checkFaultKind(written, report);
  checkPaths(written, report);
  checkParts(written, report);
  checkProfileUpstreams(written, report);
  checkReferences(written, report);
  checkCompared(form, written, report);
  checkJudged(form, written, report);
  checkConditions(form, written, report);
  return problems;
}

function writtenIn(data: unknown): Written {
  return {
    text: (path) => {
      const value = valueAt(data, path);
      return typeof value === "string" ? value : null;
    },
    keys: (path) => {
      const value = valueAt(data, path);
      return typeof value === "object" && value !== null ? Object.keys(value) : [];
    },
    has: (path) => valueAt(data, path) !== undefined,
    isMap: (path) => {
      const value = valueAt(data, path);
      return typeof value === "object" && value !== null && !Array.isArray(value);
    },
  };
}

function checkLatency({ stop }: Partial<SuiteForm>, report: Report): void {
  if (stop?.latency === undefined) return;
  const given = (["p50", "p90", "p99"] as const).filter((quantile) => stop.latency?.[quantile] !== undefined);
  if (given.length === 1) return;
  const number = given.length === 0 ? "no" : "more than one";
  report(["stop", "latency"], `${number} percentile is given; use one of p50, p90, p99 with its ceiling`);
}

function checkFaultKind(written: Written, report: Report): void {
  const kind = written.text(["stop", "fault", "kind"]);
  const declared = written.keys(["faults"]).flatMap((i) => written.text(["faults", i, "kind"]) ?? []);
  if (kind === null || knownFaultKind(kind, declared)) return;
  const allowed = 'a kind declared under faults:, an errno name such as EADDRNOTAVAIL, or a status such as "HTTP 503"';
  const hint = didYouMean(kind, faultKindCandidates(declared));
  report(["stop", "fault", "kind"], `nothing reports a fault ${shown(kind)}; use ${allowed}${hint}`);
}

/** Files of the suite are in its folder: nothing else is copied beside the results, and nothing else is read. */
function checkPaths(written: Written, report: Report): void {
  const parts: Path[] = [["target"], ...written.keys(["upstreams"]).map((name) => ["upstreams", name])];
  const named = parts.flatMap((part) => {
    const list = [...part, "kubernetes", "files"];
    return [[...part, "kubernetes", "manifest"], ...written.keys(list).map((i) => [...list, Number(i)])];
  });
  for (const path of [["load", "script"], ...named]) {
    const file = written.text(path);
    if (file === null || !leavesFolder(file)) continue;
    report(path, `${shown(file)} leaves the suite's folder; use a file inside it`);
  }
}

/** Absolute, or with a step up, by either kind of slash. */
function leavesFolder(path: string): boolean {
  return /^([/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes("..");
}

function checkProfileUpstreams(written: Written, report: Report): void {
  const upstreams = written.keys(["upstreams"]);
  for (const profile of written.keys(["profiles"])) {
    for (const upstream of written.keys(["profiles", profile, "upstreams"])) {
      if (upstreams.includes(upstream)) continue;
      const known =
        upstreams.length === 0 ? "this suite has none" : `declared are ${upstreams.map(escaped).join(", ")}`;
      const text = `no upstream has this name; ${known}${didYouMean(upstream, upstreams)}`;
      report(["profiles", profile, "upstreams", upstream], text, "key");
    }
  }
}
