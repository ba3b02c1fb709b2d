import { betterDirection } from "../core/judged-measures.ts";
import type { MeasureName } from "../core/measure-names.ts";
import { parseDurationMs, parseRatio } from "../core/units.ts";
import type { Goal } from "../results/goals.ts";

/**
 * A goal as a suite writes it: "<= 50", "<= 3s", "<= 0.1%", ">= 490/s". The limit is in the measure's own unit, which its
 * name ends with; a unit may stand behind it where people write one.
 */

/** "<= 50ms" of latencyMs.p99 -> {measure, comparison: "<=", limit: 50}. null for what is none, or points the wrong way. */
export function parseGoal(measure: MeasureName, written: string): Goal | null {
  const match = /^(<=|>=) *([0-9][0-9a-z./%]{0,20})$/.exec(written.trim());
  const comparison = comparisonOf(measure);
  const limit = match?.[1] === comparison ? units[unitOf(measure)].parse(match[2] ?? "") : null;
  return limit === null ? null : { measure, comparison, limit };
}

/** What a message says about a goal of this measure. */
export function goalAllowed(measure: MeasureName): string {
  const comparison = comparisonOf(measure);
  const word = comparison === "<=" ? "at most" : "at least";
  const [plain, other] = units[unitOf(measure)].examples;
  const forms = [plain, other].filter((example) => example !== undefined).map((limit) => `"${comparison} ${limit}"`);
  return `${word} a number ${units[unitOf(measure)].name}: ${forms.join(" or ")}`;
}

/** A goal is what is good at least: the other way round every service keeps it by being bad. */
function comparisonOf(measure: MeasureName): Goal["comparison"] {
  return betterDirection[measure] === "lower" ? "<=" : ">=";
}

type Unit = "ms" | "seconds" | "share" | "perSecond" | "count";

/** Names carry their units. */
function unitOf(measure: MeasureName): Unit {
  if (measure.startsWith("latencyMs.")) return "ms";
  if (measure.endsWith("PerSecond")) return "perSecond";
  if (measure.endsWith("Seconds")) return "seconds";
  return /(Ratio|Share)$/.test(measure) ? "share" : "count";
}

interface UnitForm {
  name: string;
  examples: [string, string?];
  parse: (text: string) => number | null;
}

const units: Record<Unit, UnitForm> = {
  ms: { name: "of ms", examples: ["50", "3s"], parse: (text) => positive(text) ?? parseDurationMs(text) },
  seconds: { name: "of seconds", examples: ["3", "500ms"], parse: (text) => positive(text) ?? secondsOf(text) },
  share: { name: "that is a share", examples: ["0.001", "0.1%"], parse: share },
  perSecond: {
    name: "a second",
    examples: ["490", "490/s"],
    parse: (text) => positive(text.replace(/\/s$/, "")),
  },
  count: { name: "of them", examples: ["10000"], parse: positive },
};

function positive(text: string): number | null {
  const value = /^[0-9]{1,9}(\.[0-9]{1,6})?$/.test(text) ? Number(text) : 0;
  return value > 0 ? value : null;
}

function secondsOf(text: string): number | null {
  const ms = parseDurationMs(text);
  return ms === null ? null : ms / 1000;
}

/** None at all is a goal, too: "<= 0%". A bare number of 1 and more may mean 1% or all. */
function share(text: string): number | null {
  if (/^0(\.0{1,6})?%?$/.test(text)) return 0;
  return parseRatio(text) ?? parseRatio(positive(text) ?? 0);
}
