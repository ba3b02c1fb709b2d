import { execa } from "execa";
import { toolEnvironment, toolPath } from "./find-program.ts";
import { assertPrivate, type Holder } from "./holder.ts";

/** argv in front of a program that is to run in all of a holder's namespaces. nsenter forks: the program is its child. */
export function enterArgv(holder: Holder): string[] {
  const all = ["--net", "--ipc", "--pid", "--mount"];
  return [toolPath("nsenter"), ...userFlags(holder), ...all, "--target", String(holder.pid), "--"];
}

/** As enterArgv, but network only, so that pids of this machine keep their meaning (`ip link ... netns PID`). */
export function enterNetworkArgv(holder: Holder): string[] {
  return [toolPath("nsenter"), ...userFlags(holder), "--net", "--target", String(holder.pid), "--"];
}

/** What a short program inside wrote and how it ended. */
export interface InsideResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a short program through an entrance (enterArgv, enterNetworkArgv) and waits for it; never rejects for its exit code. */
export async function runInside(holder: Holder, entrance: string[], argv: string[], input = ""): Promise<InsideResult> {
  assertPrivate(holder);
  const [command = "nsenter", ...args] = [...entrance, ...argv];
  const result = await execa(command, args, {
    input,
    reject: false,
    stripFinalNewline: false,
    env: toolEnvironment(),
    extendEnv: false,
    timeout: 10_000,
  });
  return { exitCode: result.exitCode ?? null, stdout: result.stdout, stderr: result.stderr };
}

function userFlags(holder: Holder): string[] {
  return holder.rootless ? ["--user", "--preserve-credentials"] : [];
}
