import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import test, { type ExecutionContext } from "ava";
import { execa } from "execa";
import { lockFile } from "../../harness/cache/lock.ts";
import { CapabilityError, InputError } from "../../harness/core/errors.ts";
import { findK6 } from "../../harness/engines/k6/find-k6.ts";
import { k6Capability } from "../../harness/engines/k6/k6-capability.ts";
import { testNeeding } from "../helpers/parts.ts";

const silent = () => {};

async function folderFor(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-k6-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A program that answers as k6 does, in a second. */
async function program(folder: string, answer: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, "k6");
  await writeFile(path, `#!/bin/sh\necho '${answer}'\n`);
  await chmod(path, 0o755);
  return path;
}

test("a k6 that was named must be v2", async (t) => {
  const folder = await folderFor(t);
  const old = await program(join(folder, "old"), "k6 v1.8.1 (go1.25.0, linux/amd64)");
  const good = await program(join(folder, "good"), "k6 v2.3.0 (go1.26.8, linux/amd64)");
  const odd = await program(join(folder, "odd"), "hello");
  const find = (explicit: string | null, env: NodeJS.ProcessEnv) => findK6({ explicit, env, onProgress: silent });
  t.deepEqual(await find(good, { TUNEBENCH_K6: old }), { path: good, version: "k6 v2.3.0" });
  t.deepEqual(await find(null, { TUNEBENCH_K6: good }), { path: good, version: "k6 v2.3.0" });
  await t.throwsAsync(find(old, {}), { instanceOf: InputError, message: /--k6 .*is k6 v1\.8\.1; v2 is needed/ });
  await t.throwsAsync(find(null, { TUNEBENCH_K6: odd }), { instanceOf: InputError, message: /TUNEBENCH_K6/ });
  await t.throwsAsync(find(join(folder, "none"), {}), { instanceOf: InputError, message: /can't be run/ });
});

test("a k6 named by a relative path is found from the suite's folder too", async (t) => {
  const folder = await folderFor(t);
  const path = await program(folder, "k6 v2.3.0 (go1.26.8, linux/amd64)");
  const here = relative(process.cwd(), folder);
  const find = (explicit: string | null, env: NodeJS.ProcessEnv) => findK6({ explicit, env, onProgress: silent });
  const found = { path, version: "k6 v2.3.0" };
  t.deepEqual(await find(join(here, "k6"), {}), found);
  t.deepEqual(await find(null, { TUNEBENCH_K6: join(here, "k6") }), found);
  t.deepEqual(await find(null, { PATH: here }), found);
  t.deepEqual(await find("k6", { PATH: here }), found);
});

test("a k6 may have any file name, which is what it calls itself", async (t) => {
  const path = await program(await folderFor(t), "k6 with sql v2.3.0 (commit/1f2e3d4c5b, go1.26.8, linux/amd64)");
  t.is((await findK6({ explicit: path, env: {}, onProgress: silent })).version, "k6 v2.3.0");
});

test("an old k6 on PATH is passed over; without Go the ways to get k6 are named", async (t) => {
  const folder = await folderFor(t);
  const old = await program(join(folder, "bin"), "k6 v1.8.1 (go1.25.0, linux/amd64)");
  const env = { PATH: join(folder, "bin"), XDG_CACHE_HOME: join(folder, "cache") };
  const lines: string[] = [];
  const error = await t.throwsAsync(findK6({ explicit: null, env, onProgress: (line) => lines.push(line) }), {
    instanceOf: CapabilityError,
  });
  t.is(error.exitCode, 3);
  t.regex(error.hint ?? "", /--k6 FILE/);
  t.deepEqual(lines, [`${old} is passed over: is k6 v1.8.1; v2 is needed`]);
  const capability = await k6Capability(env);
  t.false(capability.ok);
  t.regex(capability.detail, /is passed over/);
});

test("a Go that is too old is told so", async (t) => {
  const folder = await folderFor(t);
  const go = join(folder, "go");
  await writeFile(go, "#!/bin/sh\necho go1.22.2\n");
  await chmod(go, 0o755);
  const env = { PATH: folder, XDG_CACHE_HOME: join(folder, "cache") };
  await t.throwsAsync(findK6({ explicit: null, env, onProgress: silent }), {
    instanceOf: CapabilityError,
    message: /Go is go1\.22\.2: Go 1\.25 or newer/,
  });
});

testNeeding(["linux"], "the lock is free again when its holder is killed", async (t) => {
  const file = join(await folderFor(t), "lock");
  const script = [
    `import { lockFile } from ${JSON.stringify(new URL("../../harness/cache/lock.ts", import.meta.url).href)};`,
    `await lockFile(${JSON.stringify(file)}, () => {});`,
    'console.log("held");',
    "setInterval(() => {}, 1000);",
  ].join("\n");
  const holder = execa(process.execPath, ["--input-type=module", "--eval", script], { reject: false });
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  t.throws(() => execFileSync("flock", ["--nonblock", file, "true"]), undefined, "held by the other process");
  const next = lockFile(file, silent);
  holder.kill("SIGKILL");
  await (await next).release();
  t.notThrows(() => execFileSync("flock", ["--nonblock", file, "true"]));
});

testNeeding(["k6"], "the k6 of this machine is found, or built", async (t) => {
  const { path, version } = await findK6({ explicit: null, env: process.env, onProgress: (line) => t.log(line) });
  t.regex(version, /^k6 v2\./);
  t.true((await readFile(path)).length > 1_000_000);
});
