import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { endpointText } from "../core/endpoint.ts";
import { CapabilityError } from "../core/errors.ts";
import type { FoundProgram } from "../engines/engine.ts";
// Not by the engine: a plan needs nothing of what takes its numbers in.
import { bundleAll } from "../engines/k6/bundle-script.ts";
import { builtK6, findK6 } from "../engines/k6/find-k6.ts";
import { hasToBeRead, readScript } from "../engines/k6/read-script.ts";
import { automaticUsers } from "../plan/users-needed.ts";
import type { MeasuredIteration } from "../results/per-iteration.ts";
import type { Suite } from "../suite/suite.ts";
import { resultsFolderOf } from "./results-folder.ts";
import type { ResultsOptions } from "./results-option.ts";

/** How a script is read. */
export interface ReadOptions extends ResultsOptions {
  k6?: string;
  /** Where it is given, a k6 is built for it where there is none; takes what is worth knowing meanwhile. */
  onBuild?: (line: string) => void;
}

/**
 * The suite with what its load script itself says: bundled, and read by k6 in a child process where there is one. What an earlier run
 * measured of it comes along. Throws InputError for a script that can't be run, and CapabilityError where a k6 was to be built for one that
 * has to be read, and can't be.
 */
export async function withScript(suite: Suite, options: ReadOptions = {}): Promise<Suite> {
  const own = await readSuite(suite, options);
  const read = { ...own, perIteration: await measuredBefore(suite, resultsFolderOf(suite, options)) };
  if (!read.automaticUsers) return read;
  return { ...read, load: { ...read.load, virtualUsers: automaticUsers(read) } };
}

/** The records' shapes are loaded only where there are any. */
async function measuredBefore(suite: Suite, results: string): Promise<MeasuredIteration | null> {
  if (!existsSync(results)) return null;
  return (await import("./stored-iteration.ts")).storedIteration(suite, results);
}

async function readSuite(suite: Suite, options: ReadOptions): Promise<Suite> {
  if (suite.load.engine === "k6") return await readForK6(suite, options);
  return await (await import("./read-locustfile.ts")).readForLocust(suite);
}

async function readForK6(suite: Suite, options: ReadOptions): Promise<Suite> {
  const { text: bundle, imports } = await bundleAll(join(suite.folder, suite.load.script));
  const found = await foundK6(bundle, options);
  if (found === null) return { ...suite, imports };
  const folder = dirname(join(suite.folder, suite.load.script));
  const targetUrl = `http://${endpointText(exampleAddress, suite.target.port)}`;
  const { load } = suite;
  const script = await readScript({ program: found.path, bundle, folder, load, targetUrl, name: load.script });
  return { ...suite, script, imports };
}

/** A run in a cluster needs no k6 on this machine but for this. */
async function foundK6(bundle: string, { k6, onBuild }: ReadOptions): Promise<FoundProgram | null> {
  const request = { explicit: k6 ?? null, env: process.env, onProgress: onBuild ?? (() => {}) };
  if (onBuild === undefined) return await builtK6(request);
  try {
    return await findK6(request);
  } catch (error) {
    if (!(error instanceof CapabilityError)) throw error;
    if (!hasToBeRead(bundle)) return null;
    const { message, hint } = error;
    const words = "the script opens files, or has scenarios: which ones is what k6 on this machine tells";
    throw new CapabilityError(`${words}, and ${message}`, { hint: hint ?? undefined, cause: error });
  }
}

/** What addresses within a run look like (RFC 2544); nobody asks it. */
const exampleAddress = "198.18.0.2";
