/** A program in the cache that was not built to its end, or changed since, is not believed. */
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { buildPrograms, cachedPrograms, type GoPrograms } from "../../harness/cache/go-programs.ts";
import { CapabilityError } from "../../harness/core/errors.ts";
import { temporaryFolder } from "../helpers/cli.ts";

const pair: GoPrograms = {
  name: "pair",
  version: "v1.0.0",
  moduleFolder: "/nowhere",
  packages: ["."],
  programs: ["one", "two"],
  linkerFlags: [],
  cpuSeconds: 1,
  lacking: "",
  ways: "",
};

test("half-built, emptied, cut, changed or unsealed programs are built again", async (t) => {
  const env = { XDG_CACHE_HOME: await temporaryFolder(t) };
  const isBuilt = async () => (await cachedPrograms(env, pair)).built;
  const { folder, built } = await cachedPrograms(env, pair);
  t.false(built);
  mkdirSync(folder, { recursive: true });
  const put = (text: string) => pair.programs.map((name) => writeFileSync(join(folder, name), text));
  put("");
  t.false(await isBuilt(), "empty");
  put("whole");
  t.false(await isBuilt(), "without digests");
  const digest = createHash("sha256").update("whole").digest("hex");
  writeFileSync(join(folder, "sha256"), pair.programs.map((name) => `${digest}  ${name}\n`).join(""));
  t.true(await isBuilt());
  truncateSync(join(folder, "two"), 3);
  t.false(await isBuilt(), "cut");
  writeFileSync(join(folder, "two"), "while");
  t.false(await isBuilt(), "changed");
  put("whole");
  t.true(await isBuilt());
  rmSync(join(folder, "one"));
  t.false(await isBuilt(), "gone");
});

test("a cache that can't be made is told with its remedy", async (t) => {
  const file = join(await temporaryFolder(t), "file");
  writeFileSync(file, "");
  const refused = buildPrograms({ env: { XDG_CACHE_HOME: file }, onProgress: () => {} }, pair);
  const { hint } = await t.throwsAsync(refused, {
    instanceOf: CapabilityError,
    message: /the cache can't be made: .*ENOTDIR/,
  });
  t.regex(hint ?? "", /XDG_CACHE_HOME/);
});
