import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import test from "ava";
import { keptDigestOf, settledMs } from "../../../harness/cache/digest.ts";
import { temporaryFolder } from "../../helpers/cli.ts";

test("a program's digest is kept beside it until anything of the program changes", async (t) => {
  const path = join(await temporaryFolder(t), "program");
  const keptIn = `${path}.digest`;
  writeFileSync(path, "first");
  t.is(await keptDigestOf(path), sha256("first"));
  t.throws(() => readFileSync(keptIn), { code: "ENOENT" }, "it was changed just now");
  // Nothing tells when the kernel's clock has ticked.
  await pause(2 * settledMs);
  t.is(await keptDigestOf(path), sha256("first"));
  writeFileSync(keptIn, readFileSync(keptIn, "utf8").replace(/[0-9a-f]{64}/, sha256("kept")));
  t.is(await keptDigestOf(path), sha256("kept"), "it is not read again");
  writeFileSync(keptIn, readFileSync(keptIn, "utf8").slice(0, -9));
  t.is(await keptDigestOf(path), sha256("first"), "what was kept was cut");
  appendFileSync(path, "!");
  t.is(await keptDigestOf(path), sha256("first!"), "it was changed");
});

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
