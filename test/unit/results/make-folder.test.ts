import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { makeFolder } from "../../../harness/results/make-folder.ts";
import { temporaryFolder } from "../../helpers/cli.ts";

test("a folder is made with those above it, and may be there already", async (t) => {
  const folder = join(await temporaryFolder(t), "a/b/c");
  makeFolder(folder);
  makeFolder(folder);
  t.true(existsSync(folder));
});

test("what the file system refuses is thrown, also where it answers ENOENT for ever", async (t) => {
  const folder = await temporaryFolder(t);
  writeFileSync(join(folder, "file"), "");
  t.throws(() => makeFolder(join(folder, "file/below")), { code: "ENOTDIR" });
  if (process.platform === "linux") t.throws(() => makeFolder("/proc/tunebench/below"), { code: "ENOENT" });
});
