import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import test from "ava";
import { InputError } from "../../../harness/core/errors.ts";
import { assertNotRunning, isRunning, markRunning, unmarkRunning } from "../../../harness/results/running.ts";
import { temporaryFolder, treeFile } from "../../helpers/cli.ts";

const underWay = { instanceOf: InputError, message: /is under way in another process/ };

test("a mark holds until it is taken away", async (t) => {
  const folder = await temporaryFolder(t);
  t.false(isRunning(folder));
  markRunning(folder);
  t.true(isRunning(folder));
  t.throws(() => markRunning(folder), underWay);
  t.throws(() => assertNotRunning(folder), underWay);
  unmarkRunning(folder);
  t.notThrows(() => assertNotRunning(folder));
  markRunning(folder);
  t.deepEqual(readdirSync(folder), [".running"]);
});

test("the mark of a dead process, or of another one with its number, is replaced", async (t) => {
  const folder = await temporaryFolder(t);
  for (const stale of [`${process.pid} 1`, "4194305 7", "", "half a ma"]) {
    writeFileSync(join(folder, ".running"), stale);
    markRunning(folder);
    t.true(isRunning(folder), stale);
    t.deepEqual(readdirSync(folder), [".running"]);
    unmarkRunning(folder);
  }
});

for (const stale of [false, true]) {
  test.serial(`of eight processes at once one gets the folder${stale ? ", also after a dead one" : ""}`, async (t) => {
    const folder = await temporaryFolder(t);
    if (stale) writeFileSync(join(folder, ".running"), "4194305 7");
    const children = Array.from({ length: 8 }, () => {
      return spawn(process.execPath, [treeFile("test/fixtures/mark-running.ts"), folder], {
        stdio: ["pipe", "pipe", "ignore"],
      });
    });
    await Promise.all(children.map(nextLine));
    const answers = children.map(nextLine);
    for (const child of children) child.stdin.write("now\n");
    const words = await Promise.all(answers);
    t.is(words.filter((line) => line === "mine\n").length, 1, words.join(""));
    t.is(words.filter((line) => underWay.message.test(line)).length, 7);
    const winner = children[words.indexOf("mine\n")];
    t.is(readFileSync(join(folder, ".running"), "utf8").split(" ")[0], String(winner?.pid));
    t.deepEqual(readdirSync(folder), [".running"]);
    const ends = children.map((child) => once(child, "exit"));
    for (const child of children) child.stdin.end();
    await Promise.all(ends);
    t.false(isRunning(folder));
    t.true(existsSync(join(folder, ".running")));
  });
}

async function nextLine(child: ChildProcessByStdio<Writable, Readable, null>): Promise<string> {
  const [chunk] = await once(child.stdout, "data");
  return String(chunk);
}
