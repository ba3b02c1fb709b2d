import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { CapabilityError } from "../core/errors.ts";

const minimumGo = { major: 1, minor: 25 };

/** How a call of Go ended. */
export interface GoResult {
  failed: boolean;
  stdout: string;
  stderr: string;
  shortMessage?: string | undefined;
}

/** What a Go is wanted for, as its absence is told. */
export interface GoPurpose {
  name: string;
  version: string;
  lacking: string;
  ways: string;
}

/** Throws CapabilityError where there is no Go that can build; its version ("go1.26.8"). */
export async function requireGo(env: NodeJS.ProcessEnv, purpose: GoPurpose): Promise<string> {
  const { failed, stdout } = await runGo(["go", "env", "GOVERSION"], env, tmpdir());
  const { name, version, lacking, ways } = purpose;
  const needed = `Go ${minimumGo.major}.${minimumGo.minor} or newer, to build ${name} ${version}`;
  if (failed) throw new CapabilityError(`${lacking}, and no Go: ${needed}`, { hint: ways });
  const found = /go(\d+)\.(\d+)/.exec(stdout);
  const [major, minor] = [Number(found?.[1]), Number(found?.[2])];
  if (major > minimumGo.major || (major === minimumGo.major && minor >= minimumGo.minor)) return stdout;
  throw new CapabilityError(`${lacking}, and Go is ${stdout}: ${needed}`, { hint: ways });
}

/** Go with nothing of the user's that would change what is built. `onLine` gets each line of stderr as it comes; the signal ends it. */
export async function runGo(
  argv: string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
  { onLine = () => {}, signal }: { onLine?: (line: string) => void; signal?: AbortSignal | undefined } = {},
): Promise<GoResult> {
  const [program = "", ...args] = argv;
  const fixed = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOTOOLCHAIN: "local", GOWORK: "off" };
  const cancel = signal === undefined ? {} : { cancelSignal: signal };
  // Loaded here: most commands only look whether all is built.
  const { execa } = await import("execa");
  const child = execa(program, args, { cwd, reject: false, extendEnv: false, env: { ...env, ...fixed }, ...cancel });
  createInterface(child.stderr).on("line", onLine);
  return await child;
}
