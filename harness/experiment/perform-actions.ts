import { setTimeout as wait } from "node:timers/promises";
import { replicaRole } from "../core/roles.ts";
import type { Condition, ConditionAction } from "../results/goals.ts";
import { PartFailure } from "../testbeds/failures.ts";
import type { TrialBed } from "../testbeds/testbed.ts";
import type { Recording } from "./recording.ts";
import type { TrialParts } from "./trial-parts.ts";

/** What is done to a trial's parts while the load runs. */
export interface ActionsRequest {
  conditions: Condition[];
  /** The load's first request on the trial's clock: from there the generator counts its phases. */
  firstMs: number;
  parts: TrialParts;
  bed: Pick<TrialBed, "start" | "inject">;
  recording: Recording;
  /** Aborted when the load stops: what has not begun by then is left, what is under way is not waited for. */
  stopped: AbortSignal;
}

/**
 * Does each condition's actions at their moments, each an event when it is done (action-started) and when it is undone, or
 * where nothing is to be undone at once (action-ended); one that finds nothing to act on is action-skipped. Never rejects: a
 * part that can't be started again is lost.
 */
export async function performActions(request: ActionsRequest): Promise<void> {
  let startMs = request.firstMs;
  const all: Promise<void>[] = [];
  for (const { name, actions, lastingMs } of request.conditions) {
    for (const action of actions) all.push(perform(request, { condition: name, action, dueMs: startMs + action.atMs }));
    startMs += lastingMs;
  }
  await Promise.all(all);
}

interface Due {
  condition: string;
  action: ConditionAction;
  /** On the trial's clock. */
  dueMs: number;
}

async function perform(request: ActionsRequest, due: Due): Promise<void> {
  const { action } = due;
  const role = action.kind === "latency" ? action.part : roleOf(action);
  if (!(await reached(request, due.dueMs))) return;
  try {
    if (action.kind === "kill") await kill(request, due, role, action.restartAfterMs);
    else if (action.kind === "pause") await pause(request, due, role, action.lastingMs);
    else await slow(request, due, role, action);
  } catch (error) {
    // The load is over, and what this was about is being taken away.
    if (request.stopped.aborted) return;
    const { message } = error as Error;
    const { condition } = due;
    request.recording.event({ kind: "action-failed", role, condition, action: action.kind, words: message });
    const death = { kind: "not-undone", words: message } as const;
    request.parts.lose(role, death, error instanceof PartFailure ? error.lastLines : [message]);
  }
}

function roleOf({ part, replica }: Exclude<ConditionAction, { kind: "latency" }>): string {
  return part === "target" ? replicaRole(replica) : part;
}

async function kill(request: ActionsRequest, due: Due, role: string, restartAfterMs: number | null): Promise<void> {
  const { parts, recording, bed } = request;
  if (parts.of(role) === null) return skip(request, due, role);
  const { condition } = due;
  recording.event({ kind: "action-started", role, condition, action: "kill" });
  const killedMs = recording.now();
  parts.release(role);
  await bed.inject({ kind: "kill", role });
  const ended = (restart: { awayMs: number; startMs: number } | null) =>
    recording.event({ kind: "action-ended", role, condition, action: "kill", restart });
  if (restartAfterMs === null) return ended(null);
  if (!(await reached(request, due.dueMs + restartAfterMs))) return;
  const beganMs = recording.now();
  parts.add(await bed.start(role));
  ended({ awayMs: recording.now() - killedMs, startMs: recording.now() - beganMs });
}

async function pause(request: ActionsRequest, due: Due, role: string, lastingMs: number): Promise<void> {
  const { bed, parts, recording } = request;
  if (parts.of(role) === null) return skip(request, due, role);
  const { condition } = due;
  recording.event({ kind: "action-started", role, condition, action: "pause" });
  await bed.inject({ kind: "pause", role });
  const inTime = await reached(request, due.dueMs + lastingMs);
  await bed.inject({ kind: "resume", role });
  if (inTime) recording.event({ kind: "action-ended", role, condition, action: "pause" });
}

type Latency = Extract<ConditionAction, { kind: "latency" }>;

async function slow(request: ActionsRequest, due: Due, role: string, { addedMs, lastingMs }: Latency): Promise<void> {
  await request.bed.inject({ kind: "latency", role, addedMs });
  const { condition } = due;
  request.recording.event({ kind: "action-started", role, condition, action: "latency", addedMs });
  if (!(await reached(request, due.dueMs + lastingMs))) return;
  await request.bed.inject({ kind: "latency", role, addedMs: 0 });
  request.recording.event({ kind: "action-ended", role, condition, action: "latency" });
}

/** False where the load stopped before that moment. */
async function reached({ recording, stopped }: ActionsRequest, atMs: number): Promise<boolean> {
  const left = atMs - recording.now();
  if (left <= 0) return !stopped.aborted;
  return wait(Math.ceil(left), true, { signal: stopped }).catch(() => false);
}

function skip({ recording }: ActionsRequest, { condition, action }: Due, role: string): void {
  recording.event({ kind: "action-skipped", role, condition, action: action.kind });
}
