import { isTargetRole } from "../core/roles.ts";
import { disturbedSpans, isInSpans } from "../detect/condition-spans.ts";
import { createLineTally } from "../detect/line-tally.ts";
import { matchLine } from "../detect/log-match.ts";
import { firstRequestMs } from "../detect/windows.ts";
import type { FaultSignature } from "../results/criteria.ts";
import type { Condition } from "../results/goals.ts";
import type { PartDeath, StopReason } from "../results/stop-reason.ts";
import type { RunningPart } from "../testbeds/testbed.ts";
import { type Recording, secondsIntoLoad } from "./recording.ts";

/** The parts of a trial as they come and go. An end that was asked for is no death. */
export interface TrialParts {
  /** The running part of a role; null once it has ended, or is about to be killed. */
  of(role: string): RunningPart | null;
  /** Takes a part in, in place of the one before it. */
  add(part: RunningPart): void;
  /** The running part of a role is about to be killed: its end is no death. */
  release(role: string): void;
  /** A role that could not be started again: as good as dead. */
  lose(role: string, death: PartDeath, lastLines: string[]): void;
  /** Called for each part that is here, and for each that comes. */
  onPart(listener: (part: RunningPart) => void): void;
  /** Called for each death, earlier ones included. */
  onDeath(listener: (role: string, death: PartDeath) => void): void;
  /** Roles that died -> their last lines. */
  readonly deaths: Record<string, string[]>;
}

/** What is known of a trial's parts. */
interface State {
  /** Role -> its part. */
  running: Map<string, RunningPart>;
  /** Parts whose end was asked for. */
  asked: Set<RunningPart>;
  deaths: Record<string, string[]>;
  losses: Loss[];
  partNews: News<RunningPart>;
  lossNews: News<Loss>;
}

interface Loss {
  role: string;
  death: PartDeath;
}

/** Takes the parts that a trial begins with. */
export function createTrialParts(first: RunningPart[]): TrialParts {
  const running = new Map<string, RunningPart>();
  const losses: Loss[] = [];
  const news = { partNews: createNews(() => running.values()), lossNews: createNews(() => losses) };
  const state: State = { running, asked: new Set(), deaths: {}, losses, ...news };
  for (const part of first) add(state, part);
  return {
    deaths: state.deaths,
    add: (part) => add(state, part),
    lose: (role, death, lastLines) => lose(state, { role, death }, lastLines),
    of: (role) => running.get(role) ?? null,
    release: (role) => release(state, role),
    onPart: (listener) => state.partNews.hear(listener),
    onDeath: (listener) => state.lossNews.hear(({ role, death }) => listener(role, death)),
  };
}

function add(state: State, part: RunningPart): void {
  const { role } = part;
  state.running.set(role, part);
  state.partNews.tell(part);
  void part.ended.then(({ exitCode, signal }) => {
    if (state.running.get(role) === part) state.running.delete(role);
    if (state.asked.has(part)) return;
    lose(state, { role, death: { kind: "ended", exitCode, signal } }, part.lastLines());
  });
}

function lose(state: State, loss: Loss, lastLines: string[]): void {
  state.deaths[loss.role] = lastLines;
  state.losses.push(loss);
  state.lossNews.tell(loss);
}

function release({ running, asked }: State, role: string): void {
  const part = running.get(role);
  if (part !== undefined) asked.add(part);
  running.delete(role);
}

/** Tells listeners of each thing that happens; who comes later hears first of those `before`. */
interface News<T> {
  tell(item: T): void;
  hear(listener: (item: T) => void): void;
}

function createNews<T>(before: () => Iterable<T>): News<T> {
  const listeners: ((item: T) => void)[] = [];
  return {
    tell: (item) => {
      for (const listener of listeners) listener(item);
    },
    hear: (listener) => {
      listeners.push(listener);
      for (const item of before()) listener(item);
    },
  };
}

/** One event stands for all lines of a kind within this time: a target in trouble can log thousands a second. */
const coalesceMs = 250;

/** Notes faults that a part logs, and, when `atStop` is called, the line of an error that it repeated most. */
export function watchFaultLog(
  part: RunningPart,
  signatures: FaultSignature[],
  recording: Recording,
): { atStop(): void } {
  const lastMs = new Map<string, number>();
  const tally = createLineTally();
  part.onLine((line) => {
    tally.add(line);
    const signature = matchLine(signatures, line);
    if (signature === null) return;
    const last = lastMs.get(signature.kind) ?? Number.NEGATIVE_INFINITY;
    if (recording.now() - last < coalesceMs) return;
    lastMs.set(signature.kind, recording.now());
    recording.event({ kind: "fault-logged", role: part.role, fault: signature.kind, line });
  });
  return {
    atStop: () => {
      const commonest = tally.commonest();
      if (commonest !== null) recording.event({ kind: "line-repeated", role: part.role, ...commonest });
    },
  };
}

/** Notes where a part's log ends before the part does: a full disk. */
export function watchLog(part: RunningPart, recording: Recording): void {
  part.onLogLoss((words) => recording.event({ kind: "log-lost", role: part.role, words }));
}

/**
 * Tells when a part died during the load, which ends it. Not where the target dies while something is done to parts on purpose:
 * then the load goes on, and the condition's goals show what was served without it.
 */
export function watchDeaths(
  parts: TrialParts,
  load: { recording: Recording; conditions: Condition[] },
  onDeath: (reason: StopReason) => void,
): void {
  const { recording, conditions } = load;
  parts.onDeath((role, death) => {
    const criterion = isTargetRole(role) ? "target-died" : "upstream-died";
    recording.event({ kind: "part-died", role, death });
    const firstMs = firstRequestMs(recording.windows);
    const meant = firstMs !== null && isInSpans(recording.now(), disturbedSpans(conditions, firstMs));
    if (criterion === "target-died" && meant) return;
    onDeath({ criterion, atSeconds: secondsIntoLoad(recording), role, death });
  });
}
