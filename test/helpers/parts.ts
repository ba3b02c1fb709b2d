import test, { type ExecutionContext } from "ava";
import { type MachinePart, present, withoutParts } from "./machine-parts.ts";

/**
 * A serial test that needs parts of the machine. Where one is missing it is skipped with the reason in its title; with CI=true
 * it fails instead, so that a green CI has run everything but what CI's machine may lack (machine-parts.ts).
 */
export function testNeeding(
  parts: MachinePart[],
  title: string,
  body: (t: ExecutionContext) => Promise<void> | void,
  declare: (title: string, body: (t: ExecutionContext) => Promise<void> | void) => void = test.serial,
) {
  const missing = parts.filter((part) => !present(part));
  const instead = withoutParts(missing, process.env.CI === "true");
  if (instead === null) return declare(title, body);
  const reason = `needs ${missing.join(", ")}`;
  if (instead === "fail") return test(title, (t) => t.fail(`${reason}: not on this machine, and CI=true`));
  return test.skip(`${title} (skipped: ${reason})`, body);
}
