import { readFileSync, writeFileSync } from "node:fs";
import type { ExecutionContext } from "ava";

/** What people read, compared with the file that a person has looked at. UPDATE_GOLDEN=1 writes it anew. */
export function isGolden(t: ExecutionContext, actual: string, file: string): void {
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, actual);
  t.is(actual, readFileSync(file, "utf8"));
}
