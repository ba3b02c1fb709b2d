import { basename } from "node:path";
import { execa } from "execa";
import * as z from "zod";
import { InputError } from "../../core/errors.ts";
import { codeFile } from "../../core/package-root.ts";
import { readRegular } from "../../core/read-regular.ts";
import type { ScriptOptions } from "../../results/script.ts";

const answerShape = z.object({
  error: z.object({ line: z.number(), column: z.number(), text: z.string() }).nullable(),
  shape: z.string().nullable(),
  files: z.array(z.string()),
});

/**
 * What a locustfile says of its load, and what of its folder it wants, read by a Python and never run: unlike k6's scripts it could do anything
 * here. Throws InputError with line and column where it is no Python.
 */
export async function readLocustfile(
  python: string,
  { name, text, folder }: { name: string; text: string; folder: string },
): Promise<ScriptOptions> {
  const program = codeFile("engines/locust/read_locustfile.py");
  const { stdout } = await execa(python, ["-I", program, folder], {
    input: text,
    timeout: 20_000,
    killSignal: "SIGKILL",
  });
  const { error, shape, files } = answerShape.parse(JSON.parse(stdout));
  if (error !== null) throw new InputError(`${name}:${error.line}:${error.column}: ${error.text}`);
  return {
    scenarios: [{ name: "default", exec: "default", env: {}, tags: {}, share: 1 }],
    noConnectionReuse: false,
    setupMs: 0,
    teardownMs: 0,
    sleepSeconds: 0,
    files: files.filter((path) => path !== basename(name)),
    replaced: [],
    thresholds: [],
    notEvaluated: [],
    ...(shape === null ? {} : { ownShape: shape }),
  };
}

/** It runs where it lies; what it imports from the suite's folder is among the run's digests. */
export async function locustfileText(file: string): Promise<string> {
  if (basename(file).includes(",")) {
    throw new InputError(`${file}: Locust takes a comma for the end of a locustfile's name; give it another one`);
  }
  return readRegular(file).toString("utf8");
}
