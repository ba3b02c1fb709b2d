import type { PartDeath } from "../results/stop-reason.ts";
import type { RunningPart } from "../testbeds/testbed.ts";

/** The parts of a trial as they come and go. An end that was asked for is no death. */
export interface TrialParts {
  /** The running part of a role; null once it has ended, or is about to be killed. */
  of(role: string): RunningPart | null;
  /** Takes a part in, in place of the one before it. */
  add(part: RunningPart): void;
  /** Kills a part with all that it started; resolves when it is gone. At once where nothing of that role runs. */
  kill(role: string): Promise<void>;
  /** A role that could not be started again: as good as dead. */
  lose(role: string, death: PartDeath, lastLines: string[]): void;
  /** Called for each part that is here, and for each that comes. */
  onPart(listener: (part: RunningPart) => void): void;
  /** Called for each death, earlier ones included, */
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
    kill: (role) => kill(state, role),
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

async function kill({ running, asked }: State, role: string): Promise<void> {
  const part = running.get(role);
  if (part === undefined) return;
  asked.add(part);
  running.delete(role);
  part.signalAll("SIGKILL");
  await part.ended;
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
