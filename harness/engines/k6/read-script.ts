import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { InputError } from "../../core/errors.ts";
import type { ScriptOptions } from "../../results/script.ts";
import { interpolate, referencesIn, variableOf } from "../../suite/interpolate.ts";
import type { ReadRequest } from "../engine.ts";
import { scriptErrorIn } from "./k6-output.ts";
import { isolation } from "./k6-program.ts";
import type { OwnOptions } from "./own-options.ts";
import { scriptOptions } from "./script-options.ts";
import { wrapperName } from "./wrapper.ts";

/** A script that computes for longer before its first iteration would delay every trial as long. */
const withinMs = 20_000;

/**
 * Reads a bundled script's own options with `k6 inspect`, in its folder, and says what they come to under the load. Throws InputError with
 * k6's words for a script that k6 does not take, and as scriptOptions does.
 */
export async function readScript(request: ReadRequest): Promise<ScriptOptions> {
  const { bundle, load, name } = request;
  const answer = await asked(request, "options", ["inspect"]);
  if (answer.timedOut)
    throw new InputError(
      `${name}: k6 did not come to its end in ${withinMs / 1000} s: it computes before any iteration`,
    );
  if (answer.exitCode !== 0) throw new InputError(`${name}: k6 does not take the script: ${wordsOf(answer.stderr)}`);
  const files = opens.test(ofScript(bundle)) ? await openedFiles(request) : [];
  return scriptOptions(JSON.parse(answer.stdout) as OwnOptions, load, { sleepSeconds: writtenSleeps(bundle), files });
}

/** k6 on the bundle, in the script's folder, to read one thing (wrapper.ts). */
function asked(
  { program, bundle, folder, load, targetUrl }: ReadRequest,
  what: "options" | "files",
  command: string[],
) {
  const settings = { TARGET_URL: targetUrl, TARGET_URLS: targetUrl, TUNEBENCH_OPTIONS: "{}", TUNEBENCH_READ: what };
  const args = [...command, "--include-system-env-vars", "--no-color", "-"];
  return execa(program, args, {
    input: bundle,
    cwd: folder,
    env: { ...knownValues(load.env), ...isolation, ...settings },
    extendEnv: false,
    reject: false,
    timeout: withinMs,
    killSignal: "SIGKILL",
  });
}

/** What a script reads files with. */
const opens = /\bopen\(|\btunebenchOpen\b|\.load(?:Protoset)?\(|["']k6\/experimental\/(?:fs|csv)["']/;

/** Whether a bundle can't be run rightly in a cluster where nobody has read it: its script opens files, or has scenarios. */
export function hasToBeRead(bundle: string): boolean {
  // Not the folder of tunebench's own, which stands in a comment.
  return opens.test(ofScript(bundle)) || /\bscenarios\b(?!\/)/.test(ofScript(bundle));
}

/** A bundle without the wrapper, which comes last: it has a file, and scenarios, of its own. */
function ofScript(bundle: string): string {
  return bundle.slice(0, bundle.lastIndexOf(`// ${wrapperName}\n`));
}

/** What `k6 archive` packs besides the script: whatever its top level read, protos too. In an archive a home's owner is `nobody`. */
async function openedFiles(request: ReadRequest): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-archive-"));
  try {
    const file = join(folder, "script.tar");
    const packed = await asked(request, "files", ["archive", "-O", file]);
    if (packed.exitCode !== 0) return [];
    const { stdout } = await execa("tar", ["-tf", file]);
    const from = request.folder.replace(/^\/(home|Users)\/[^/]+/, "/$1/nobody");
    const names = stdout.split("\n").filter((name) => name.startsWith("file/") && name !== "file/-");
    const paths = names.map((name) => relative(from, name.slice("file".length)));
    return paths.filter((path) => statSync(join(request.folder, path), { throwIfNoEntry: false })?.isFile() === true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A plan is made before there are addresses, and where the variables that a suite takes from its caller may not be set. */
function knownValues(env: Record<string, string>): Record<string, string> {
  const isKnown = (text: string) =>
    referencesIn(text).every(({ name }) => process.env[variableOf(name) ?? ""] !== undefined);
  return Object.fromEntries(
    Object.entries(env).map(([name, text]) => [name, isKnown(text) ? interpolate(text, {}) : ""]),
  );
}

/** What calls of k6's sleep() with a number come to together, seconds. A sleep of a computed length is known once it was measured. */
function writtenSleeps(bundle: string): number {
  const calls = bundle.matchAll(/\bsleep\d*\)?\(\s*(\d*\.?\d+)\s*\)/g);
  return [...calls].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}

function wordsOf(stderr: string): string {
  const lines = stderr.trim().split("\n");
  const words = lines.map((line) => scriptErrorIn(line)).find((line) => line !== null) ?? lines.at(-1) ?? "";
  return words.replace(/^could not initialize '-': could not load JS test '(?:file:\/\/\/)?-': /, "");
}
