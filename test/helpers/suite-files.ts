import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSuite } from "../../harness/suite/parse.ts";
import type { Suite } from "../../harness/suite/suite.ts";

/** Suite files to read: ports (the design's own), everything, searched and conditions (every key), factors, many-faults. */
export const suiteFiles = join(import.meta.dirname, "../fixtures/suites");

export function suiteText(name: string): string {
  return readFileSync(join(suiteFiles, `${name}.yaml`), "utf8");
}

/** A suite of test/fixtures/suites, its text changed first. */
export function suiteFrom(name: string, change: (text: string) => string = (text) => text): Suite {
  return parseSuite(change(suiteText(name)), `${name}.yaml`);
}
