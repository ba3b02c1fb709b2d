import { resolve } from "node:path";
import { answerOf } from "../../core/answer-of.ts";
import { InputError } from "../../core/errors.ts";
import type { FindRequest, FoundProgram } from "../engine.ts";
import { onPath } from "../on-path.ts";
import { buildK6, cachedK6 } from "./build-k6.ts";

/**
 * The k6 to use: --k6, TUNEBENCH_K6, PATH, else the pinned one, built once into the user's cache. v2 is needed. A k6 that
 * was named and is not v2 is an InputError; one on PATH is passed over with a word about it. Throws CapabilityError where
 * there is none and none can be built.
 */
export async function findK6(request: FindRequest): Promise<FoundProgram> {
  return (await installedK6(request)) ?? (await buildK6(request));
}

/** The k6 that findK6 would use, where it need not be built; throws InputError as findK6 does. */
export async function builtK6(request: FindRequest): Promise<FoundProgram | null> {
  const installed = await installedK6(request);
  if (installed !== null) return installed;
  const { path, version, built } = await cachedK6(request.env);
  return built ? { path, version } : null;
}

/** The k6 that is named or on PATH, null where it has to be the pinned one; throws InputError as findK6 does. */
export async function installedK6({ explicit, env, onProgress }: FindRequest): Promise<FoundProgram | null> {
  if (explicit !== null) return await namedK6("--k6", explicit, env);
  if (env.TUNEBENCH_K6) return await namedK6("TUNEBENCH_K6", env.TUNEBENCH_K6, env);
  return await k6OnPath(env, onProgress);
}

async function namedK6(origin: string, given: string, env: NodeJS.ProcessEnv): Promise<FoundProgram> {
  // A word without a slash is a program's name first, as in a shell.
  const path = (given.includes("/") ? undefined : onPath(given, env)) ?? resolve(given);
  const answer = await askVersion(path);
  if (answer.usable) return { path, version: answer.version };
  throw new InputError(`${origin} ${given}: ${answer.reason}`, {
    hint: `give the path of a k6 v2, or leave ${origin} out: tunebench then builds one`,
  });
}

async function k6OnPath(env: NodeJS.ProcessEnv, onProgress: (line: string) => void): Promise<FoundProgram | null> {
  const path = onPath("k6", env);
  if (path === undefined) return null;
  const answer = await askVersion(path);
  if (answer.usable) return { path, version: answer.version };
  onProgress(`${path} is passed over: ${answer.reason}`);
  return null;
}

type VersionAnswer = { usable: true; version: string } | { usable: false; reason: string };

const asked = new Map<string, Promise<VersionAnswer>>();

/** Asked once by a process: a run looks for its k6 to read the script, and again for its load. */
function askVersion(path: string): Promise<VersionAnswer> {
  const answer = asked.get(path) ?? askProgram(path);
  asked.set(path, answer);
  return answer;
}

/** Runs `k6 version`: "k6 v2.2.0 (go1.26.8, linux/amd64)"; the first word is the file's own name, so it may be any. */
async function askProgram(path: string): Promise<VersionAnswer> {
  const { stdout, failure } = await answerOf(path, ["version"]);
  if (failure !== null) return { usable: false, reason: `can't be run (${failure})` };
  const found = /^.+ (v(\d+)\.\d+\.\d+\S*) \(.*\bgo\d/.exec(stdout);
  if (found?.[1] === undefined) return { usable: false, reason: "doesn't answer `version` as k6 does" };
  if (found[2] !== "2") return { usable: false, reason: `is k6 ${found[1]}; v2 is needed` };
  return { usable: true, version: `k6 ${found[1]}` };
}
