import { durationAllowed, durationText } from "../core/units.ts";
import { wholeMs } from "./schema-conditions.ts";
import { found, searchFrom, stepMs } from "./schema-goals.ts";
import { shapedRateAllowed } from "./schema-load.ts";
import type { Checked } from "./written.ts";

/** The load, its end, goals and what is judged: what they need of each other, and of conditions or an objective. */
export function checkExperiment(checked: Checked): void {
  checkRate(checked);
  checkRatesOfProfiles(checked);
  checkEnd(checked);
  checkDecided(checked);
  checkRecheck(checked);
  checkMeasures(checked);
  if (checked.written.has(["conditions"])) checkConditions(checked);
  if (checked.written.has(["objective"])) checkObjective(checked);
}

function checkRate({ written, report }: Checked): void {
  const given = written.has(["load", "rate"]);
  if (written.has(["conditions"])) {
    if (given) report(["load", "rate"], "conditions are given, too; use load.rate or conditions, not both", "key");
  } else if (!given && written.has(["load"])) {
    report(["load"], `"rate" is missing; give ${shapedRateAllowed}`, "key");
  }
}

/** Where the whole load's rate is not fixed, no profile can have a rate of its own. */
function checkRatesOfProfiles({ written, report }: Checked): void {
  const section = ["conditions", "objective"].find((name) => written.has([name]));
  if (section === undefined) return;
  const text = `the rate is the ${section === "objective" ? "objective's to find" : "conditions'"}; leave it out here`;
  const paths = [
    ...written.keys(["profiles"]).map((name) => ["profiles", name, "load", "rate"]),
    ...written.keys(["factors"]).map((name) => ["factors", name, "load.rate"]),
  ];
  for (const path of paths.filter(written.has)) report(path, text, "key");
}

function checkEnd({ written, report }: Checked): void {
  if (written.has(["conditions"]) || written.has(["objective"])) return;
  if (!written.has(["stop"])) report([], `"stop" is missing; give a map with after`);
  else if (!written.has(["stop", "after"])) report(["stop"], `"after" is missing; give ${durationAllowed}`, "key");
}

/** It waits for a wall of the baseline's: who has none, or ends each load by its time, has no use for it. */
function checkDecided({ written, report }: Checked): void {
  const path = ["stop", "decided"];
  if (!written.has(path)) return;
  if (!written.has(["stop", "fault"])) report(path, "this waits for a wall; give stop.fault, too", "key");
  const timed = ["conditions", "objective"].find((name) => written.has([name]));
  if (timed !== undefined) report(path, `with ${timed} a load ends by its time; leave this out`, "key");
}

function checkRecheck({ sections: { recheck = 0 }, written, report }: Checked): void {
  if (recheck === 0) return;
  if (written.has(["objective"])) {
    report(["recheck"], "a search confirms its rate itself; leave recheck out where an objective is given", "key");
  }
  if (written.keys(["profiles"]).length < 2 && !written.has(["factors"])) {
    report(["recheck"], "there is one profile only, so no winner to run again; leave recheck out", "key");
  }
}

function checkMeasures({ sections: { compare }, written, report }: Checked): void {
  const searched = written.has(["objective"]);
  for (const { name } of compare?.judged ?? []) {
    if ((name === found) === searched) continue;
    const text = searched
      ? `with an objective each profile has rates of its own; only ${found} can be compared`
      : "only a search measures this; give objective: sustainable-rate";
    report(["compare", "measures", name], text, "key");
  }
}

function checkConditions({ sections: { conditions = [], stop }, written, report }: Checked): void {
  const takenMs = wholeMs(conditions);
  if (stop?.after !== undefined && stop.after < takenMs) {
    report(["stop", "after"], `the conditions take ${durationText(takenMs)}; use as much, or leave it out`);
  }
  if (written.has(["goals"])) {
    report(["goals"], "conditions are given, too; put goals into each condition", "key");
  }
}

function checkObjective(checked: Checked): void {
  const { sections, written, report } = checked;
  if (!written.has(["goals"])) {
    report(["objective"], 'this needs goals to keep; give goals: {latencyMs.p99: "<= 50"}', "key");
  }
  if (written.has(["conditions"])) {
    report(["objective"], "conditions are given, too, which have rates of their own; use one of them", "key");
  }
  if (written.has(["stop", "requests"])) {
    report(["stop", "requests"], "each step of a search is ended by its time; leave this out", "key");
  }
  const rate = sections.load?.rate;
  if (rate !== undefined && rate.stages.length > 0) {
    report(["load", "rate"], "an objective is given, which needs one steady rate to begin with, such as 200/s");
  } else if (rate !== undefined) {
    checkBounds(rate.startPerSecond, checked);
  }
}

function checkBounds(firstPerSecond: number, { sections: { objective, stop }, written, report }: Checked): void {
  if (objective === undefined) return;
  const { fromPerSecond, toPerSecond } = searchFrom(firstPerSecond, objective);
  if (fromPerSecond >= toPerSecond) {
    const bound = written.has(["objective", "sustainable-rate", "to"]) ? "to" : "from";
    const text = `the search must go up, from ${fromPerSecond}/s to more; this ends at ${toPerSecond}/s`;
    report(["objective", "sustainable-rate", bound], text);
  }
  const takenMs = stepMs(objective);
  if (stop?.after !== undefined && stop.after < takenMs) {
    const text = `each step takes ${durationText(takenMs)} (ramp and holding); use as much, or leave it out`;
    report(["stop", "after"], text);
  }
}
