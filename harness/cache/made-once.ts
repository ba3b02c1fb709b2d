import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CapabilityError } from "../core/errors.ts";
import { formatSpan } from "../core/numbers.ts";
import { cacheFolder } from "./folder.ts";
import { lockFile } from "./lock.ts";

export interface BuildRequest {
  env: NodeJS.ProcessEnv;
  onProgress: (line: string) => void;
  /** Ends the build, and the wait for another's. */
  signal?: AbortSignal | undefined;
}

/** A folder of the user's cache that is made once and kept. */
export interface MadeOnce {
  folder: string;
  /** As messages name it: "k6 v2.2.0", and what is done to it: "building". */
  title: string;
  doing: "building" | "installing";
  /** How long it takes, for the first line of progress: "about a minute". */
  about: string;
  /** Rejects, before a word is said, where it can't be made here. */
  check?: () => Promise<unknown>;
  /** A text that changes with any of its files; rejects where one is missing. */
  digests(folder: string): Promise<string>;
  /** Makes it in a folder of another name; what it tells says how far that is: "40 s, 312 of 840 packages". Else the time is said. */
  make(unfinished: string, tell: (howFar: () => string) => void): Promise<void>;
}

/** Beside the files, as sha256sum writes it: what was cut, emptied or replaced since it was made is not believed. */
const digestsFile = "sha256";

export async function isAsMade({ folder, digests }: Pick<MadeOnce, "folder" | "digests">): Promise<boolean> {
  try {
    return (await readFile(join(folder, digestsFile), "utf8")) === (await digests(folder));
  } catch {
    return false;
  }
}

/**
 * Makes the folder if it is not as it was made. Two at once make it once. The cache has all of it, whole, or none, whenever this is killed. Rejects
 * with CapabilityError where there can be no cache, and as `make` does.
 */
export async function makeOnce(request: BuildRequest, made: MadeOnce): Promise<string> {
  if (await isAsMade(made)) return made.folder;
  await makeCache(cacheFolder(request.env));
  const onWait = () => request.onProgress(`waiting for another tunebench that is ${made.doing} ${made.title}`);
  const lock = await lockFile(`${made.folder}.lock`, onWait, request.signal);
  try {
    if (!(await isAsMade(made))) await makeNow(request, made);
  } finally {
    await lock.release();
  }
  return made.folder;
}

async function makeCache(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new CapabilityError(`the cache can't be made: ${(cause as Error).message}`, {
      hint: "name a folder for it with XDG_CACHE_HOME",
      cause,
    });
  }
}

/** Under the lock: into a folder of its own, then in one step to where it is looked for. */
async function makeNow({ onProgress }: BuildRequest, made: MadeOnce): Promise<void> {
  const { folder, title, doing, about, digests, make } = made;
  await made.check?.();
  const startedMs = performance.now();
  const elapsed = () => formatSpan((performance.now() - startedMs) / 1000);
  onProgress(`${doing} ${title}, once, for ${folder} (${about})`);
  let howFar = elapsed;
  const ticker = setInterval(() => onProgress(`${doing} ${title}: ${howFar()}`), 10_000);
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  try {
    await make(unfinished, (text) => {
      howFar = text;
    });
    await writeFile(join(unfinished, digestsFile), await digests(unfinished));
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  } finally {
    clearInterval(ticker);
  }
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
  onProgress(`${doing === "building" ? "built" : "installed"} ${title} in ${elapsed()}`);
}
