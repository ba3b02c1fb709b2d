import { spawn } from "node:child_process";

/** What a program printed before it ended; `failure` says how it did not end well, null where it did. */
export interface ProgramAnswer {
  stdout: string;
  failure: string | null;
}

const pipeMs = 1000;
const mostBytes = 64 * 1024;

/**
 * Asks a program for a short answer. It gets a process group of its own, which ends with it: a child that it left behind with its
 * pipe would keep that open, and a program that never ends is ended. What it prints past a bound is not kept.
 */
export function answerOf(program: string, args: string[], withinMs = 10_000): Promise<ProgramAnswer> {
  const child = spawn(program, args, { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout = (stdout + text).slice(0, mostBytes);
  });
  return new Promise((resolve) => {
    const timers: NodeJS.Timeout[] = [];
    const answer = (failure: string | null) => {
      timers.forEach(clearTimeout);
      child.stdout.destroy();
      resolve({ stdout, failure });
    };
    const late = () => {
      endGroup(child.pid);
      answer(`no answer within ${withinMs / 1000} s`);
    };
    timers.push(setTimeout(late, withinMs));
    child.once("error", (error) => answer(error.message));
    child.once("exit", (code, signal) => {
      endGroup(child.pid);
      const failure = code === 0 ? null : `it ended with ${signal ?? code}`;
      child.once("close", () => answer(failure));
      // Only what made a group of its own still holds the pipe.
      timers.push(setTimeout(() => answer(failure), pipeMs));
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // all of it has ended
  }
}
