/** What processes wait for and how near they are to their limits, as the kernel writes it. */
import test from "ava";
import type { Sample } from "../../../harness/results/samples.ts";
import { memoryGroups } from "../../../harness/sampling/memory-group.ts";
import { parseTableFulls } from "../../../harness/sampling/node.ts";
import { createProcessLook, parseFileLimit, parseRunDelay } from "../../../harness/sampling/process.ts";
import { parseUnix } from "../../../harness/sampling/unix.ts";

test("run delay is the second number of schedstat, in ns", (t) => {
  t.is(parseRunDelay("903461 25000000 12\n"), 25);
  t.is(parseRunDelay(""), 0);
});

test("the soft limit of open files", (t) => {
  t.is(
    parseFileLimit(
      "Limit Soft Limit Hard Limit Units\nMax open files            64                   128                  files\n",
    ),
    64,
  );
  t.is(parseFileLimit("Max open files            unlimited            unlimited            files\n"), null);
});

test("where a cgroup's memory is looked for", (t) => {
  t.deepEqual(
    memoryGroups("4:memory:/box\n0::/user\n").map(({ used }) => used),
    [
      "/sys/fs/cgroup/memory/box/memory.usage_in_bytes",
      "/sys/fs/cgroup/user/memory.current",
      "/sys/fs/cgroup/unified/user/memory.current",
    ],
  );
  t.deepEqual(memoryGroups("0::/\n4:memory:/\n"), []);
});

test("connections that wait at a Unix listener are rows of its path that nobody has accepted", (t) => {
  const rows = [
    "Num       RefCount Protocol Flags    Type St Inode Path",
    "00000000a: 00000002 00000000 00010000 0001 01 100 /run/app.sock",
    "00000000b: 00000002 00000000 00000000 0001 02 0 /run/app.sock",
    "00000000c: 00000002 00000000 00000000 0001 02 0 /run/app.sock",
    "00000000d: 00000003 00000000 00000000 0001 03 101 /run/app.sock",
    "00000000e: 00000002 00000000 00010000 0001 01 102 @other",
    "00000000f: 00000003 00000000 00000000 0001 03 103",
  ];
  t.deepEqual(parseUnix(`${rows.join("\n")}\n`), [
    { path: "/run/app.sock", queued: 2 },
    { path: "@other", queued: 0 },
  ]);
});

test("the neighbour table's overflows are summed over the CPUs", (t) => {
  const text = "entries  allocs table_fulls\n00000045 000005d6 0000000a\n00000045 00000001 00000001\n";
  t.is(parseTableFulls(text), 11);
  t.is(parseTableFulls(""), null);
});

test("of this process: it has descriptors, a limit of them, and has waited for a CPU", (t) => {
  const samples: Sample[] = [];
  const role = { role: "target", namespacePid: process.pid, partPids: () => [process.pid], listenPort: null };
  const roles = [{ ...role, portRange: { low: 32768, high: 60999 }, usablePorts: 28232 }];
  createProcessLook({ roles, now: () => 5, onSample: (sample) => samples.push(sample) })();
  const [seen] = samples;
  if (seen?.kind !== "process") return t.fail();
  t.true((seen.openFiles ?? 0) > 2 && (seen.openFilesLimit ?? 0) >= (seen.openFiles ?? 0));
  t.true((seen.runDelayMs ?? -1) >= 0);
});
