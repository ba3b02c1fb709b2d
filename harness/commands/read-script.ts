import { dirname, join } from "node:path";
import { endpointText } from "../core/endpoint.ts";
// Not by the engine: a plan needs nothing of what takes its numbers in.
import { bundleScript } from "../engines/k6/bundle-script.ts";
import { builtK6 } from "../engines/k6/find-k6.ts";
import { readScript } from "../engines/k6/read-script.ts";
import { automaticUsers } from "../plan/users-needed.ts";
import type { Suite } from "../suite/suite.ts";
import { resultsFolderOf } from "./chosen-run.ts";
import type { ResultsOptions } from "./results-option.ts";
import { storedIteration } from "./stored-iteration.ts";

/**
 * The suite with what its load script itself says: bundled, and read by k6 in a child process where there is one; none is built for it.
 * What an earlier run
 * measured of it comes along. Throws InputError for a script that can't be run.
 */
export async function withScript(suite: Suite, options: ResultsOptions & { k6?: string } = {}): Promise<Suite> {
  const read = {
    ...(await readSuite(suite, options.k6)),
    perIteration: storedIteration(suite, resultsFolderOf(suite, options)),
  };
  if (!read.automaticUsers) return read;
  return { ...read, load: { ...read.load, virtualUsers: automaticUsers(read) } };
}

async function readSuite(suite: Suite, named: string | undefined): Promise<Suite> {
  const bundle = await bundleScript(join(suite.folder, suite.load.script));
  const found = await builtK6({ explicit: named ?? null, env: process.env, onProgress: () => {} });
  if (found === null) return suite;
  const folder = dirname(join(suite.folder, suite.load.script));
  const targetUrl = `http://${endpointText(exampleAddress, suite.target.port)}`;
  const { load } = suite;
  const script = await readScript({ program: found.path, bundle, folder, load, targetUrl, name: load.script });
  return { ...suite, script };
}

/** What addresses within a run look like (RFC 2544); nobody asks it. */
const exampleAddress = "198.18.0.2";
