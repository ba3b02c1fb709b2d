import { execa } from "execa";
import { toolPath } from "../netns/find-program.ts";

/** docker or podman as it answers on this machine. */
export interface ContainerEngine {
  name: EngineName;
  /** Of docker's daemon, of podman itself: "20.10.24". */
  version: string;
  /** Whether its containers belong to an ordinary user. */
  rootless: boolean;
}

/** Container engines that are asked, in this order. */
export const engineNames = ["docker", "podman"] as const;
export type EngineName = (typeof engineNames)[number];

/** Why an engine can't be used, in its own words where it has some; `isHere`: its program is on PATH. */
export interface EngineProblem {
  name: EngineName;
  isHere: boolean;
  words: string;
}

/** The oldest that have all that is asked of them: `run --pull never`; `--network ns:` beside `--pid ns:`. */
const oldest: Record<EngineName, number> = { docker: 20.1, podman: 4 };

const asked: Record<EngineName, string[]> = {
  docker: ["version", "--format", "{{.Server.Version}} {{.Server.Os}}"],
  podman: ["info", "--format", "{{.Version.Version}} {{.Host.OS}} {{.Host.Security.Rootless}}"],
};

/** Asks each engine who it is; an engine that does not answer within ten seconds has a problem. */
export function enginesHere(): Promise<(ContainerEngine | EngineProblem)[]> {
  return Promise.all(engineNames.map(engineHere));
}

/** Whether it can be used. */
export function isUsable(one: ContainerEngine | EngineProblem): one is ContainerEngine {
  return "version" in one;
}

async function engineHere(name: EngineName): Promise<ContainerEngine | EngineProblem> {
  const { exitCode, stdout, stderr, code } = await execa(name, asked[name], { reject: false, timeout: answerMs });
  const [version = "", system, rootless] = stdout?.trim().split(" ") ?? [];
  if (exitCode !== 0 || !/^\d+\./.test(version)) {
    const isHere = code !== "ENOENT";
    return { name, isHere, words: isHere ? (lastLine(stderr) ?? "it does not answer") : "not on PATH" };
  }
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major + minor / 100 < oldest[name]) {
    return { name, isHere: true, words: `${version} is too old: ${name === "docker" ? "20.10" : "4.0"} is needed` };
  }
  if (system !== "linux") return { name, isHere: true, words: `its containers run on ${system}, not on this machine` };
  return { name, version, rootless: rootless === "true" };
}

const answerMs = 10_000;

/** What a call of an engine came to. */
export interface Answer {
  ok: boolean;
  stdout: string;
  /** The last line that it wrote of a failure. */
  words: string;
}

/**
 * Calls an engine and waits for it; never rejects. It has the caller's environment: where its daemon listens, where its images lie.
 * @param timeoutMs 0 = as long as it takes, such as for a pull
 */
export async function call(
  { name }: Pick<ContainerEngine, "name">,
  args: string[],
  { timeoutMs = 20_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Answer> {
  // Of a command in a container that was killed docker's client waits for ever: it goes with the harness, also after SIGKILL.
  const mortal = ["--pdeathsig", "KILL", "--", name, ...args];
  const { exitCode, stdout, stderr } = await execa(toolPath("setpriv"), mortal, {
    reject: false,
    stdin: "ignore",
    timeout: timeoutMs,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  const words = lastLine(stderr) ?? `${name} ${args[0]} ended with ${exitCode}`;
  return { ok: exitCode === 0, stdout: stdout ?? "", words };
}

function lastLine(text = ""): string | undefined {
  return text
    .split("\n")
    .map((line) => line.trim())
    .findLast((line) => line !== "");
}
