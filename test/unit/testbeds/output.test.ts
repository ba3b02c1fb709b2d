import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import test, { type ExecutionContext } from "ava";
import { OutputLog } from "../../../harness/testbeds/output.ts";

test("lines are whole however the bytes come, and an unended last line counts", async (t) => {
  const { lines, log } = await fed(t, ["ab", "c\r\nse", Buffer.from([0xc3]), Buffer.from([0xa4]), "nd\n\nlast"]);
  t.deepEqual(lines, ["abc", "seänd", "", "last"]);
  t.is(log, "abc\r\nseänd\n\nlast");
});

test("the last twenty lines are kept", async (t) => {
  const { last } = await fed(t, [Array.from({ length: 50 }, (_, index) => `line ${index}\n`).join("")]);
  t.is(last.length, 20);
  t.is(last[0], "line 30");
  t.is(last.at(-1), "line 49");
});

test("the file is bounded and says so; lines go on", async (t) => {
  const { lines, log } = await fed(t, ["12345678\n", "abcdefgh\n", "more\n"], 12);
  t.is(log, "12345678\nabc\n[tunebench: output past 12 bytes is not kept]\n");
  t.deepEqual(lines, ["12345678", "abcdefgh", "more"]);
});

test("a full disk ends the file and says so; lines go on", async (t) => {
  const output = new OutputLog("/dev/full");
  const lines: string[] = [];
  output.onLine((line) => lines.push(line));
  const lost = new Promise<string>((resolve) => output.onLoss(resolve));
  const stream = new PassThrough();
  output.follow(stream);
  stream.write("one\n");
  t.regex(await lost, /ENOSPC/);
  stream.end("two\n");
  await finished(stream);
  await output.close();
  t.deepEqual(lines, ["one", "two"]);
  t.regex(await new Promise<string>((resolve) => output.onLoss(resolve)), /ENOSPC/, "told to who comes later too");
});

test("a line without an end does not grow for ever", async (t) => {
  const { lines } = await fed(t, ["x".repeat(40_000), "\n"]);
  t.true(lines.every((line) => line.length <= 16_384));
  t.is(lines.join("").length, 40_000);
});

async function fed(t: ExecutionContext, chunks: (string | Buffer)[], bytes?: number) {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-test-output-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const output = new OutputLog(join(folder, "x.log"), bytes);
  const lines: string[] = [];
  output.onLine((line) => lines.push(line));
  const stream = new PassThrough();
  output.follow(stream);
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await finished(stream);
  await new Promise((resolve) => setImmediate(resolve));
  await output.close();
  return { lines, last: output.lastLines(), log: await readFile(join(folder, "x.log"), "utf8") };
}
