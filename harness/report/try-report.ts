import { maskedLine } from "../core/log-line.ts";
import { formatCount } from "../core/numbers.ts";
import { formatRate } from "../core/units.ts";
import { counted } from "../core/words.ts";
import type { SeenResponse } from "../results/events.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { FaultCount } from "../results/window.ts";
import type { Block, Report, Section, Text } from "./blocks.ts";
import { caveatSentence } from "./words/caveats.ts";
import { faultWords } from "./words/fault-counts.ts";
import { invalidWords } from "./words/invalid-reasons.ts";

/** What one short trial of a suite came to. All text of parts and responses is of unknown origin. */
export interface Tried {
  suite: string;
  profile: string;
  /** What was asked for. */
  ratePerSecond: number;
  trial: TrialRecord;
  /** The first few of each status, in the order in which they came. */
  responses: SeenResponse[];
  /** What each part and the generator wrote. */
  logs: { name: string; lines: string[] }[];
}

/** What a trial shows somebody who runs a suite for the first time: whether it works at all, and what was answered. */
export function tryReport(tried: Tried): Report {
  const { suite, profile, trial } = tried;
  return {
    title: suite,
    facts: [profile],
    ...answerOf(tried),
    lead: [countsOf(tried)],
    notices: trial.caveats.filter(({ code }) => code === "script-threw").map(caveatSentence),
    sections: [
      responsesSection(tried),
      checksSection(trial),
      referencesSection(trial),
      ...tried.logs.map(logSection),
    ].filter((section) => section !== null),
  };
}

function answerOf({ suite, trial }: Tried): Pick<Report, "headline" | "tone"> {
  const { valid, invalidReason, requests, faults } = trial;
  if (!valid) return { headline: `${suite} does not work: ${invalidWords(invalidReason)}.`, tone: "bad" };
  const failed = countOf(faults);
  const failedChecks = trial.script.checks.filter((check) => check.failed > 0).length;
  if (failed > 0)
    return {
      headline: `${suite} runs, but ${failed} of ${counted(requests, "request")} failed: ${faultWords(faults)}.`,
      tone: "warn",
    };
  if (failedChecks > 0)
    return { headline: `${suite} runs, but ${counted(failedChecks, "check")} of its script failed.`, tone: "warn" };
  return { headline: `${suite} works: ${counted(requests, "request")}, all of them answered.`, tone: "good" };
}

function countsOf({ profile, ratePerSecond, trial }: Tried): string {
  const { iterations, requests, faults, loadSeconds } = trial;
  if (loadSeconds === 0) return `Profile ${profile}; no load was made.`;
  const each = iterations === 0 ? "" : `, ${formatCount(requests / iterations)} for each`;
  return `Profile ${profile}, ${formatRate(ratePerSecond)}: ${counted(iterations, "iteration")}, ${counted(requests, "request")}${each}, ${countOf(faults)} failed.`;
}

function responsesSection({ responses }: Tried): Section | null {
  if (responses.length === 0) return null;
  const statuses = [...new Set(responses.map(({ status }) => status))].toSorted((a, b) => a - b);
  const groups = statuses.map((status): Block => {
    const items = onceEach(responses.filter((response) => response.status === status).map(responseText));
    return { kind: "group", title: status === 0 ? "no response" : `HTTP ${status}`, blocks: [{ kind: "list", items }] };
  });
  return section("responses", "What was answered: the first few of each status", groups);
}

/** GET http://198.18.0.2:8080/: the body's begin, or the error. */
function responseText({ method, url, status, error, body, characters }: SeenResponse): string {
  const asked = `${method} ${url}`;
  if (status === 0) return `${asked}: ${error}`;
  if (body === null) return asked;
  if (body === "") return `${asked}: empty`;
  const more = characters !== null && characters > body.length ? ` … (${characters} characters)` : "";
  return `${asked}: ${body}${more}`;
}

function checksSection({ script: { checks } }: TrialRecord): Section | null {
  if (checks.length === 0) return null;
  const rows = checks.map(({ name, passed, failed }): Text[] => [name, String(passed), String(failed)]);
  const columns = [{ title: "check" }, { title: "passed", numeric: true }, { title: "failed", numeric: true }];
  return section("checks", "Checks of the script", [
    { kind: "table", caption: "How often each passed and failed", columns, rows, notes: [] },
  ]);
}

function referencesSection({ references }: TrialRecord): Section | null {
  const facts = Object.entries(references).map(([name, value]) => ({ name: `\${${name}}`, values: [value] }));
  return facts.length === 0 ? null : section("references", "What the references became", [{ kind: "facts", facts }]);
}

/** Lines that are shown of a log: those that differ in more than numbers. */
const mostLines = 15;

function logSection({ name, lines }: Tried["logs"][number]): Section {
  if (lines.length === 0) return section(name, `${name} wrote nothing`, []);
  const distinct = onceEach(lines, maskedLine);
  const shown = distinct.slice(-mostLines);
  const title = shown.length === distinct.length ? `${name} wrote` : `${name} wrote at last`;
  return section(name, title, [{ kind: "quotation", lines: shown }]);
}

/** Each once, with how often it came. */
function onceEach(lines: readonly string[], sameOf: (line: string) => string = (line) => line): string[] {
  const counts = new Map<string, { line: string; times: number }>();
  for (const line of lines) {
    const same = sameOf(line);
    const known = counts.get(same) ?? { line, times: 0 };
    counts.set(same, { ...known, times: known.times + 1 });
  }
  return [...counts.values()].map(({ line, times }) => (times === 1 ? line : `${line} (${times} times)`));
}

function section(id: string, title: string, blocks: Block[]): Section {
  return { id, title, reach: "everywhere", blocks };
}

function countOf(faults: FaultCount[]): number {
  return faults.reduce((sum, { count }) => sum + count, 0);
}
