import type { PartEnd, RunningPart } from "../environments/environment.ts";

/** The parts of a trial as they come and go. An end that was asked for is no death. */
export interface TrialParts {
  /** The running part of a role; null once it has ended, or is about to be killed. */
  of(role: string): RunningPart | null;
  /** Takes a part in, in place of the one before it. */
  add(part: RunningPart): void;
  /** Kills a part with all that it started; resolves when it is gone. At once where nothing of that role runs. */
  kill(role: string): Promise<void>;
  /** A role that is out of reach, or could not be started again: as good as dead. */
  lose(role: string, detail: string, lastLines: string[]): void;
  /** Called for each part that is here, and for each that comes. */
  onPart(listener: (part: RunningPart) => void): void;
  /** Called for each death, earlier ones included, with what to say of it. */
  onDeath(listener: (role: string, detail: string) => void): void;
  /** Roles that died -> their last lines. */
  readonly deaths: Record<string, string[]>;
}

/** Takes the parts that a trial begins with. */
export function createTrialParts(first: RunningPart[]): TrialParts {
  const running = new Map<string, RunningPart>();
  const asked = new Set<RunningPart>();
  const partListeners: ((part: RunningPart) => void)[] = [];
  const deathListeners: ((role: string, detail: string) => void)[] = [];
  const deaths: Record<string, string[]> = {};
  const details: { role: string; detail: string }[] = [];
  const lose = (role: string, detail: string, lastLines: string[]) => {
    deaths[role] = lastLines;
    details.push({ role, detail });
    for (const listener of deathListeners) listener(role, detail);
  };
  const add = (part: RunningPart) => {
    running.set(part.role, part);
    for (const listener of partListeners) listener(part);
    void part.ended.then((end) => {
      if (running.get(part.role) === part) running.delete(part.role);
      if (!asked.has(part))
        lose(part.role, `${part.role} ended (${describeEnd(end)}) while under load`, part.lastLines());
    });
  };
  for (const part of first) add(part);
  return {
    deaths,
    add,
    lose,
    of: (role) => running.get(role) ?? null,
    kill: async (role) => {
      const part = running.get(role);
      if (part === undefined) return;
      asked.add(part);
      running.delete(role);
      part.signalAll("SIGKILL");
      await part.ended;
    },
    onPart: (listener) => {
      partListeners.push(listener);
      for (const part of running.values()) listener(part);
    },
    onDeath: (listener) => {
      deathListeners.push(listener);
      for (const { role, detail } of details) listener(role, detail);
    },
  };
}

/** `signal SIGKILL` or `exit code 3`. */
function describeEnd(end: PartEnd): string {
  return end.signal === null ? `exit code ${end.exitCode}` : `signal ${end.signal}`;
}
