import { dirname, join } from "node:path";
import { locustOnPath } from "../engines/locust/find-locust.ts";
import { findPython } from "../engines/locust/find-python.ts";
import { locustfileText, readLocustfile } from "../engines/locust/read-locustfile.ts";
import type { Suite } from "../suite/suite.ts";

/** The suite with what its locustfile says. Any Python reads it: the one that Locust will have, or would be installed for. */
export async function readForLocust(suite: Suite): Promise<Suite> {
  const { folder, load } = suite;
  const text = await locustfileText(join(folder, load.script));
  const python =
    (await findPython(process.env))?.path ?? (await locustOnPath({ env: process.env, onProgress: () => {} }))?.path;
  if (python === undefined) return suite;
  const file = { name: load.script, text, folder: dirname(join(folder, load.script)) };
  return { ...suite, script: await readLocustfile(python, file) };
}
