import { closeSync, openSync, readSync } from "node:fs";
import * as z from "zod";
import { answerOf } from "../../core/answer-of.ts";
import type { FindRequest, FoundProgram } from "../engine.ts";
import { onPath } from "../on-path.ts";
import { isReachable } from "./find-python.ts";
import { installLocust } from "./install-locust.ts";

/**
 * The Locust to use, as the Python that has it: the one on PATH, else the pinned one, installed once into the user's cache. 2.40 or newer is
 * needed; an older one is passed over with a word about it. Throws CapabilityError where there is none and none can be installed.
 */
export async function findLocust(request: FindRequest): Promise<FoundProgram> {
  return (await locustOnPath(request)) ?? (await installLocust(request));
}

/** null where there is none that will do. */
export async function locustOnPath({
  env,
  onProgress,
}: Pick<FindRequest, "env" | "onProgress">): Promise<FoundProgram | null> {
  const path = onPath("locust", env);
  if (path === undefined) return null;
  const answer = await ask(path);
  if (typeof answer !== "string") return answer;
  onProgress(`${path} is passed over: it ${answer}`);
  return null;
}

/** Isolated, as the load is: what lies in this folder or in the user's own packages is not looked at. */
const question =
  "import json, sys; from importlib.metadata import version; print(json.dumps([version('locust'), sys.prefix, sys.base_prefix]))";
const answerShape = z.tuple([z.string(), z.string(), z.string()]);
const leastMinor = 40;

/** Why it won't do, where it does not. */
async function ask(script: string): Promise<FoundProgram | string> {
  const python = interpreterOf(script);
  if (python === null) return "is no script of a Python's";
  const { stdout, failure } = await answerOf(python, ["-I", "-c", question]);
  if (failure !== null) return `can't be asked for its version (${failure})`;
  const [version, ...prefixes] = answerShape.parse(JSON.parse(stdout));
  if (!prefixes.every(isReachable)) return "lies where no ordinary user comes, who makes the load";
  const minor = Number(/^2\.(\d+)\./.exec(version)?.[1] ?? 0);
  return minor < leastMinor
    ? `is Locust ${version}; 2.${leastMinor} is needed`
    : { path: python, version: `Locust ${version}` };
}

/** As pip writes it into the first line of a script: absolute, and one word. */
function interpreterOf(script: string): string | null {
  const file = openSync(script, "r");
  try {
    const start = Buffer.alloc(512);
    const text = start.toString("utf8", 0, readSync(file, start));
    return /^#!(\/\S*\/python[\d.]*)\n/.exec(text)?.[1] ?? null;
  } finally {
    closeSync(file);
  }
}
