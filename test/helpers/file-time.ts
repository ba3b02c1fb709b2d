import { appendFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { type FileTime, timesVariable } from "./times.ts";

/** ava calls this in the thread of each file before its tests (package.json): as it ends, the file's time is added to the list. */
export default function noteTime(): void {
  const list = process.env[timesVariable];
  if (list === undefined) return;
  // A thread's clock is that of its process: it does not begin at 0.
  const startedMs = performance.now();
  process.once("exit", () => {
    const { user, system } = process.threadCpuUsage();
    const time: FileTime = {
      file: relative(process.cwd(), fileURLToPath(test.meta.file)),
      seconds: (performance.now() - startedMs) / 1000,
      cpuSeconds: (user + system) / 1e6,
    };
    appendFileSync(list, `${JSON.stringify(time)}\n`);
  });
}
