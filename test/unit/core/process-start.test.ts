import test from "ava";
import { execa } from "execa";
import { startTicks } from "../../../harness/core/process-start.ts";

test("a process has one start; another begins no earlier; none is that of a process that is gone", async (t) => {
  const own = startTicks(process.pid);
  t.regex(own ?? "", /^\d+$/);
  t.is(startTicks(process.pid), own);
  const later = execa("sleep", ["60"], { reject: false });
  t.true(Number(startTicks(later.pid ?? 0)) >= Number(own));
  later.kill("SIGKILL");
  await later;
  t.is(startTicks(later.pid ?? 0), null);
});

test("a process that waits to be reaped has ended", async (t) => {
  // `true` is the child of what becomes `sleep`, which never asks how it ended.
  const parent = execa("sh", ["-c", "true & echo $!; exec sleep 60"], { reject: false, buffer: false });
  t.teardown(() => void parent.kill("SIGKILL"));
  const pid = await new Promise<number>((resolve) => parent.stdout.on("data", (text: Buffer) => resolve(Number(text))));
  const deadlineMs = performance.now() + 10_000;
  while (startTicks(pid) !== null && performance.now() < deadlineMs) await new Promise(setImmediate);
  t.is(startTicks(pid), null);
});
