import { PartFailure } from "../part-failure.ts";
import type { RunningPart } from "../testbed.ts";

/** Waits until a part writes a line with this text. Rejects with PartFailure where it ends before, or does not in time. */
export async function untilSaid(part: RunningPart, text: string, withinMs: number): Promise<void> {
  const said = Promise.withResolvers<null>();
  part.onLine((line) => void (line.includes(text) && said.resolve(null)));
  if (part.lastLines().some((line) => line.includes(text))) return;
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => late.resolve(`did not write ${JSON.stringify(text)} within ${withinMs / 1000} s`),
    withinMs,
  );
  const ended = part.ended.then(() => `ended before it wrote ${JSON.stringify(text)}`);
  const why = await Promise.race([said.promise, late.promise, ended]);
  clearTimeout(timer);
  if (why !== null) throw new PartFailure(part.role, why, part.lastLines());
}
