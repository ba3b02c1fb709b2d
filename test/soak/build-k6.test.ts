/** k6 is built as this machine's Go builds it: once, and whole or not at all. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import { CapabilityError } from "../../harness/core/errors.ts";
import { buildK6 } from "../../harness/engines/k6/build-k6.ts";
import { testNeeding } from "../helpers/parts.ts";

async function folderFor(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-k6-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A real Go module that requires "k6" and builds at once. */
async function tinyModule(folder: string, main: string): Promise<string> {
  const module = join(folder, "module");
  await mkdir(join(module, "k6"), { recursive: true });
  await writeFile(join(module, "k6", "go.mod"), "module go.k6.io/k6/v2\n\ngo 1.25.0\n");
  const requires = "require go.k6.io/k6/v2 v2.9.9\n\nreplace go.k6.io/k6/v2 => ./k6\n";
  await writeFile(join(module, "go.mod"), `module tiny.local/tunebench-k6\n\ngo 1.25.0\n\n${requires}`);
  await writeFile(join(module, "main.go"), main);
  return module;
}

const tinyMain = `package main\n\nfunc main() { println("tiny") }\n`;

testNeeding(["go"], "two at once build once, into the cache", async (t) => {
  const folder = await folderFor(t);
  const moduleFolder = await tinyModule(folder, tinyMain);
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache") };
  const lines: string[] = [];
  const build = () => buildK6({ env, moduleFolder, onProgress: (line) => lines.push(line) });
  const [one, other] = await Promise.all([build(), build()]);
  t.deepEqual(one, other);
  t.is(one.version, "k6 v2.9.9");
  t.true(one.path.startsWith(join(folder, "cache", "tunebench", "k6-v2.9.9-")));
  t.is(lines.filter((line) => line.startsWith("built k6")).length, 1);
  t.is((await execa(one.path)).stderr, "tiny");
  lines.length = 0;
  t.deepEqual(await build(), one);
  t.deepEqual(lines, []);
});

testNeeding(["go"], "a build that fails leaves no program behind and shows Go's words", async (t) => {
  const folder = await folderFor(t);
  const moduleFolder = await tinyModule(folder, "package main\n\nfunc main() { undefined() }\n");
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache") };
  const build = (onProgress: (line: string) => void) => buildK6({ env, moduleFolder, onProgress });
  await t.throwsAsync(
    build(() => {}),
    { instanceOf: CapabilityError, message: /undefined: undefined/ },
  );
  await writeFile(join(moduleFolder, "main.go"), tinyMain);
  t.is((await execa((await build(() => {})).path)).stderr, "tiny");
});
