import test, { type ExecutionContext } from "ava";
import { type MachinePart, present } from "./machine-parts.ts";

/**
 * A test that needs parts of the machine, serial unless declared otherwise (at-once.ts). Where one is missing it is skipped
 * with the reason in its title; with CI=true it fails instead, so that a green CI has run everything.
 */
export function testNeeding(
  parts: MachinePart[],
  title: string,
  body: (t: ExecutionContext) => Promise<void> | void,
  declare: (title: string, body: (t: ExecutionContext) => Promise<void> | void) => void = test.serial,
) {
  const missing = parts.filter((part) => !present(part));
  if (missing.length === 0) return declare(title, body);
  const reason = `needs ${missing.join(", ")}`;
  if (process.env.CI === "true") return test(title, (t) => t.fail(`${reason}: not on this machine, and CI=true`));
  return test.skip(`${title} (skipped: ${reason})`, body);
}
