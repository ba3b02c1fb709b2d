import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { registerCompletionHandler } from "ava";
import { mainFile, treeFile } from "./cli.ts";

/** What a call came to; a newline at the end of either text is left out, as execa leaves it out. */
export interface Called {
  exitCode: number;
  stdout: string;
  stderr: string;
}

interface Request {
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** What hangs is ended: a busy machine takes its time for what does not. */
const mostMs = 60_000;

let call: ((request: Request) => Promise<Called>) | null = null;

/**
 * As tunebench() of cli.ts, but in one process for all calls of a file, one after the other (test/fixtures/cli/calls.ts): for what a command
 * does, where its process is not what is tested. To start one takes more than most commands do. Rejects where a call hangs or ends the process.
 */
export async function called(
  args: string[],
  { cwd = process.cwd(), env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Called> {
  call ??= startCaller();
  return await call({ args, cwd, env });
}

function startCaller() {
  const child = spawn(process.execPath, [treeFile("test/fixtures/cli/calls.ts"), mainFile()], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  registerCompletionHandler(() => void child.stdin.end());
  return inTurn(child);
}

/** Answers come in the order of the calls. */
function inTurn(child: ChildProcessByStdio<Writable, Readable, null>): (request: Request) => Promise<Called> {
  const waiting: PromiseWithResolvers<Called>[] = [];
  let late: NodeJS.Timeout | undefined;
  const expect = () => {
    clearTimeout(late);
    if (waiting.length > 0) late = setTimeout(() => child.kill("SIGKILL"), mostMs);
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { exitCode, stdout, stderr } = JSON.parse(line) as Called;
    waiting.shift()?.resolve({ exitCode, stdout: withoutEnd(stdout), stderr: withoutEnd(stderr) });
    expect();
  });
  child.once("exit", (code, signal) => {
    clearTimeout(late);
    for (const { reject } of waiting) reject(new Error(`the process of all calls ended with ${signal ?? code}`));
  });
  return (request) => {
    const answer = Promise.withResolvers<Called>();
    waiting.push(answer);
    if (waiting.length === 1) expect();
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return answer.promise;
  };
}

function withoutEnd(text: string): string {
  return text.replace(/\n$/, "");
}
