import { durationText } from "../core/units.ts";
import type { SearchObjective } from "../results/goals.ts";
import { buildObjective } from "./build-judged.ts";
import type { Report, Written } from "./checks.ts";
import type { SuiteForm } from "./schema.ts";

/** Blocks, recheck, judged measures, goals and the objective: what they need of each other. */
export function checkJudged(form: Partial<SuiteForm>, written: Written, report: Report): void {
  checkBlocks(form, report);
  checkRecheck(form, written, report);
  checkMeasures(form, written, report);
  checkGoals(form, written, report);
  if (written.has(["objective"])) checkObjective(form, written, report);
}

function checkBlocks({ blocks }: Partial<SuiteForm>, report: Report): void {
  if (typeof blocks !== "object" || blocks.min <= blocks.max) return;
  report(["blocks", "min"], `this is more than max (${blocks.max}); use at most as many`);
}

function checkRecheck({ recheck }: Partial<SuiteForm>, written: Written, report: Report): void {
  if (recheck === undefined || recheck === 0) return;
  if (written.has(["objective"])) {
    report(["recheck"], "a search confirms its rate itself; leave recheck out where an objective is given", "key");
  }
  if (written.keys(["profiles"]).length === 1 && !written.has(["factors"])) {
    report(["recheck"], "there is one profile only, so no winner to run again; leave recheck out", "key");
  }
}

const found = "sustainableRatePerSecond";

function checkMeasures({ compare }: Partial<SuiteForm>, written: Written, report: Report): void {
  if (compare?.measures === undefined) return;
  const names = Object.keys(compare.measures);
  if (names.length === 0) report(["compare", "measures"], "this is empty; name a measure, or leave it out", "key");
  const searched = written.has(["objective"]);
  for (const name of names) {
    const path = ["compare", "measures", name];
    if (name === found && !searched) report(path, onlySearched, "key");
    if (name !== found && searched) {
      report(path, `with an objective each profile has rates of its own; only ${found} can be compared`, "key");
    }
  }
}

const onlySearched = "only a search measures this; give objective: sustainable-rate";

function checkGoals({ goals }: Partial<SuiteForm>, written: Written, report: Report): void {
  if (goals === undefined) return;
  if (goals.length === 0) report(["goals"], 'this is empty; give a goal such as latencyMs.p99: "<= 50"', "key");
  if (written.has(["conditions"])) {
    report(["goals"], "conditions are given, too; put goals into each condition", "key");
  }
  if (goals.some(({ measure }) => measure === found)) {
    report(["goals", found], "this is what a search finds, so no trial has it; use sustainedPerSecond", "key");
  }
}

function checkObjective({ objective, load, stop }: Partial<SuiteForm>, written: Written, report: Report): void {
  if (!written.has(["goals"])) {
    report(["objective"], 'this needs goals to keep; give goals: {latencyMs.p99: "<= 50"}', "key");
  }
  if (written.has(["conditions"])) {
    report(["objective"], "conditions are given, too, which have rates of their own; use one of them", "key");
  }
  if (load?.rate !== undefined && typeof load.rate !== "number") {
    report(["load", "rate"], "an objective is given, which needs one steady rate to begin with, such as 200/s");
  }
  if (stop?.requests !== undefined) {
    report(["stop", "requests"], "each step of a search is ended by its time; leave this out", "key");
  }
  if (objective !== undefined && typeof load?.rate === "number") {
    checkBounds(buildObjective(objective, load.rate), stop?.after, written, report);
  }
}

function checkBounds(search: SearchObjective, afterMs: number | undefined, written: Written, report: Report): void {
  const { fromPerSecond, toPerSecond, rampMs, holdingMs } = search;
  if (fromPerSecond >= toPerSecond) {
    const path = [
      "objective",
      "sustainable-rate",
      written.has(["objective", "sustainable-rate", "to"]) ? "to" : "from",
    ];
    report(path, `the search must go up, from ${fromPerSecond}/s to more; this ends at ${toPerSecond}/s`);
  }
  const stepMs = rampMs + holdingMs;
  if (afterMs !== undefined && afterMs < stepMs) {
    report(
      ["stop", "after"],
      `each step takes ${durationText(stepMs)} (ramp and holding); use as much, or leave it out`,
    );
  }
}
