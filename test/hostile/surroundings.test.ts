/** Where tunebench is started from: what can't go well is said with its remedy, and never as a stack. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { execa } from "execa";
import { mainFile, temporaryFolder, treeFile } from "../helpers/cli.ts";
import { storeRun } from "../helpers/stored-run.ts";

/** A shell sets the surroundings up, and tunebench takes its place. */
async function inShell(setUp: string, args: string[], redirections = "") {
  const script = `${setUp}; exec "$0" "$@" ${redirections}`;
  return execa("sh", ["-c", script, process.execPath, mainFile(), ...args], { reject: false });
}

for (const args of [["doctor"], ["run", treeFile("scenarios/keep-alive")], ["list"]]) {
  test(`24 open files at most: ${args[0]} says so`, async (t) => {
    const { exitCode, stderr } = await inShell("ulimit -n 24", args);
    t.is(exitCode, 3, stderr);
    t.regex(stderr, /at most 24 files may be open at once here.*\n {2}ulimit -n 256/);
  });
}

for (const args of [["report", "latest"], ["init"], ["doctor"], ["plan"], ["clean"]]) {
  test(`a deleted working folder: ${args[0]} says so`, async (t) => {
    const folder = join(await temporaryFolder(t), "gone");
    mkdirSync(folder);
    const { exitCode, stderr } = await inShell(`cd "${folder}" && rmdir "${folder}"`, args);
    t.is(exitCode, 2, stderr);
    t.regex(stderr, /the working folder was deleted/);
  });
}

test("closed streams change no exit code", async (t) => {
  const { folder } = storeRun(await temporaryFolder(t));
  for (const closed of ["2>&-", ">&-", "<&-", "<&- >&- 2>&-"]) {
    t.is((await inShell(":", ["report", folder], closed)).exitCode, 0, closed);
    t.is((await inShell(":", ["report", "nothing"], closed)).exitCode, 2, closed);
  }
});
