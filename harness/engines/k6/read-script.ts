import { execa } from "execa";
import { InputError } from "../../core/errors.ts";
import type { ScriptOptions } from "../../results/script.ts";
import { interpolate, referencesIn, variableOf } from "../../suite/interpolate.ts";
import type { ReadRequest } from "../engine.ts";
import { scriptErrorIn } from "./k6-output.ts";
import { isolation } from "./k6-program.ts";
import type { OwnOptions } from "./own-options.ts";
import { scriptOptions } from "./script-options.ts";

/** A script that computes for longer before its first iteration would delay every trial as long. */
const withinMs = 20_000;

/**
 * Reads a bundled script's own options with `k6 inspect`, in its folder, and says what they come to under the load. Throws InputError with
 * k6's words for a script that k6 does not take, and as scriptOptions does.
 */
export async function readScript(request: ReadRequest): Promise<ScriptOptions> {
  const { program, bundle, folder, load, targetUrl, name } = request;
  const settings = { TARGET_URL: targetUrl, TARGET_URLS: targetUrl, TUNEBENCH_OPTIONS: "{}", TUNEBENCH_READ: "1" };
  const args = ["inspect", "--include-system-env-vars", "--no-color", "-"];
  const answer = await execa(program, args, {
    input: bundle,
    cwd: folder,
    env: { ...knownValues(load.env), ...isolation, ...settings },
    extendEnv: false,
    reject: false,
    timeout: withinMs,
    killSignal: "SIGKILL",
  });
  if (answer.timedOut)
    throw new InputError(
      `${name}: k6 did not come to its end in ${withinMs / 1000} s: it computes before any iteration`,
    );
  if (answer.exitCode !== 0) throw new InputError(`${name}: k6 does not take the script: ${wordsOf(answer.stderr)}`);
  return scriptOptions(JSON.parse(answer.stdout) as OwnOptions, load, writtenSleeps(bundle));
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
export function writtenSleeps(bundle: string): number {
  const calls = bundle.matchAll(/\bsleep\d*\)?\(\s*(\d*\.?\d+)\s*\)/g);
  return [...calls].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}

function wordsOf(stderr: string): string {
  const lines = stderr.trim().split("\n");
  const words = lines.map((line) => scriptErrorIn(line)).find((line) => line !== null) ?? lines.at(-1) ?? "";
  return words.replace(/^could not initialize '-': could not load JS test 'file:\/\/\/-': /, "");
}
