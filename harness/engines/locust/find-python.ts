import { join } from "node:path";
import * as z from "zod";
import { answerOf } from "../../core/answer-of.ts";
import { isOpenToAll } from "../../core/open-to-all.ts";
import { allOnPath } from "../on-path.ts";

/** A Python that a Locust can be installed for. */
export interface Python {
  path: string;
  /** Of Python 3. */
  minor: number;
}

/** Versions of Python 3 that requirements.txt is made for. */
const [leastMinor, mostMinor] = [10, 13];

/** As people call them; the newest of the pinned ones last, since a system's own is the best kept. */
const names = ["python3", "python3.13", "python3.12", "python3.11", "python3.10"];

/** For those whose PATH leaves it out, or has others before it. */
const systemFolder = "/usr/bin";

/**
 * The first Python 3.10 to 3.13 with venv and pip on PATH, then in /usr/bin, that whoever makes the load can run: started by root that is another
 * user. null where there is none; `notes` takes why others were passed over.
 */
export async function findPython(env: NodeJS.ProcessEnv, notes: string[] = []): Promise<Python | null> {
  const searched = { PATH: `${env.PATH ?? ""}:${systemFolder}` };
  const candidates = new Set(names.flatMap((name) => allOnPath(name, searched)));
  for (const path of candidates) {
    const answer = await ask(path);
    if (typeof answer !== "string") return answer;
    notes.push(`${path} ${answer}`);
  }
  return null;
}

const question =
  "import json, sys, venv, ensurepip; print(json.dumps([sys.version_info[0], sys.version_info[1], sys.base_prefix]))";
const answerShape = z.tuple([z.number(), z.number(), z.string()]);

/** Why it won't do, where it does not. */
async function ask(path: string): Promise<Python | string> {
  const { stdout, failure } = await answerOf(path, ["-I", "-c", question]);
  if (failure !== null) return "has no venv and pip, or can't be run";
  const [major, minor, prefix] = answerShape.parse(JSON.parse(stdout));
  if (major !== 3 || minor < leastMinor || minor > mostMinor) return `is Python ${major}.${minor}`;
  return isReachable(prefix) ? { path, minor } : "lies where no ordinary user comes, who makes the load";
}

/** Started by root, a load is made by an ordinary user. */
export function isReachable(folder: string): boolean {
  return process.geteuid?.() !== 0 || isOpenToAll(join(folder, "bin"));
}
