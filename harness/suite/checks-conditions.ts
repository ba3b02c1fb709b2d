import { didYouMean } from "../core/nearest.ts";
import { escaped } from "../core/text.ts";
import { durationText } from "../core/units.ts";
import { buildConditions } from "./build-judged.ts";
import type { Report, Written } from "./checks.ts";
import { noSuchUpstream } from "./checks-factors.ts";
import type { Path } from "./document.ts";
import { shown } from "./problems.ts";
import type { SuiteForm } from "./schema.ts";
import type { ActionForm, ConditionsForm } from "./schema-conditions.ts";

/** Conditions: what is done is done to a part that is there, and within the condition's time. */
export function checkConditions(form: Partial<SuiteForm>, written: Written, report: Report): void {
  const { conditions, stop, target } = form;
  if (conditions === undefined) return;
  if (Object.keys(conditions).length === 0) report(["conditions"], "this is empty; give at least one", "key");
  const wholeMs = buildConditions(conditions).reduce((sum, { lastingMs }) => sum + lastingMs, 0);
  if (wholeMs > longestMs) report(["conditions"], "together they last over 24 hours; use at most that", "key");
  if (stop?.after !== undefined && stop.after < wholeMs) {
    report(["stop", "after"], `the conditions take ${durationText(wholeMs)}; use as much, or leave it out`);
  }
  const parts = {
    upstreams: written.keys(["upstreams"]),
    replicas: target === undefined ? unknown : (target.replicas ?? 1),
  };
  for (const { path, action, lastingMs } of actionsOf(conditions)) {
    checkPart(path, action, parts, report);
    checkTimes(path, action, lastingMs, report);
  }
  checkOverlaps(conditions, report);
}

/** How many copies a target has that is not sound itself: the fault there is the one to mend. */
const unknown = Number.POSITIVE_INFINITY;
const longestMs = 24 * 60 * 60_000;

interface PlacedAction {
  path: Path;
  action: ActionForm;
  /** Of its condition, and when that begins. */
  lastingMs: number;
  beginsMs: number;
}

function actionsOf(conditions: ConditionsForm): PlacedAction[] {
  let beginsMs = 0;
  return Object.entries(conditions).flatMap(([name, { lasting, actions = [] }]) => {
    const placed = actions.map((action, i) => {
      return { path: ["conditions", name, "actions", i], action, lastingMs: lasting, beginsMs };
    });
    beginsMs += lasting;
    return placed;
  });
}

interface Parts {
  upstreams: string[];
  replicas: number;
}

function checkPart(path: Path, action: ActionForm, { upstreams, replicas }: Parts, report: Report): void {
  const { key, part, replica } = named(action);
  if (key === "part") {
    if (part === "target") report([...path, key], "only an upstream can be made to answer later; use one of them");
    else if (!upstreams.includes(part)) report([...path, key], noSuchUpstream(part, upstreams));
    return;
  }
  const names = ["target", ...upstreams];
  if (!names.includes(part)) {
    report(
      [...path, key],
      `no part is named ${shown(part)}; there are ${names.map(escaped).join(", ")}${didYouMean(part, names)}`,
    );
  } else if (replica > (part === "target" ? replicas : 1)) {
    const many = part === "target" ? `the target has ${replicas} (target.replicas)` : "an upstream has one copy";
    report([...path, "replica"], `there is no copy ${replica}: ${many}`);
  }
}

/** The part that an action is for, and under which key it stands. */
function named(action: ActionForm): { key: "kill" | "pause" | "part"; part: string; replica: number } {
  if ("kill" in action) return { key: "kill", part: action.kill, replica: action.replica ?? 1 };
  if ("pause" in action) return { key: "pause", part: action.pause, replica: action.replica ?? 1 };
  return { key: "part", part: action.part, replica: 1 };
}

/** How long an action takes until it is undone; null = it is not. */
function durationOf(action: ActionForm): number | null {
  return "kill" in action ? (action.restartAfter ?? null) : action.lasting;
}

function checkTimes(path: Path, action: ActionForm, lastingMs: number, report: Report): void {
  const takesMs = durationOf(action) ?? 0;
  if (action.at >= lastingMs) {
    report([...path, "at"], `the condition lasts ${durationText(lastingMs)}; use an earlier moment`);
  } else if (action.at + takesMs > lastingMs) {
    const key = "kill" in action ? "restartAfter" : "lasting";
    const [whole, left] = [lastingMs, lastingMs - action.at].map(durationText);
    report([...path, key], `the condition is over by then, after ${whole}; use at most ${left}`);
  }
}

/** What is dead or stopped can't be killed or stopped: one action on a part at a time. */
function checkOverlaps(conditions: ConditionsForm, report: Report): void {
  const busyUntil = new Map<string, number>();
  const inOrder = actionsOf(conditions).toSorted((a, b) => a.beginsMs + a.action.at - (b.beginsMs + b.action.at));
  for (const { path, action, beginsMs } of inOrder) {
    const { key, part, replica } = named(action);
    const what = key === "part" ? `latency of ${part}` : `${part} ${replica}`;
    const atMs = beginsMs + action.at;
    const untilMs = busyUntil.get(what) ?? 0;
    if (atMs < untilMs) {
      const why = untilMs === Number.POSITIVE_INFINITY ? "it was killed and stays dead" : "the one before is not over";
      report([...path, "at"], `${why} at this moment; ${shown(part)} can have one thing done to it at a time`);
    }
    busyUntil.set(what, Math.max(untilMs, atMs + (durationOf(action) ?? Number.POSITIVE_INFINITY)));
  }
}
