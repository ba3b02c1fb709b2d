/** What killed a process is counted in its control group: that is looked at after its end, too. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LiveSample } from "../../harness/results/live-samples.ts";
import { createGroupLook } from "../../harness/sampling/live/cgroup-limits.ts";
import { makeGroup } from "../helpers/control-group.ts";
import { untilAtLeast } from "../helpers/live-look.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(
  ["linux", "memory-group"],
  "the group of a process that was killed, and not waited for yet, is the one it had",
  async (t) => {
    const limit = 64 * 2 ** 20;
    const group = makeGroup(t, { group: "memory", limit });
    // A shell that became sleep never waits for its child.
    const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "inherit"] });
    t.teardown(async () => {
      parent.kill("SIGKILL");
      await once(parent, "exit");
    });
    const [line] = await once(parent.stdout, "data");
    const pid = Number(String(line));
    writeFileSync(join(group, "cgroup.procs"), String(pid));
    const limits: (number | null)[] = [];
    const onSample = (sample: LiveSample) => void (sample.kind === "group" && limits.push(sample.memoryLimitBytes));
    const look = createGroupLook({ role: "target", partPids: () => [pid] }, { now: () => performance.now(), onSample });
    look();
    process.kill(pid, "SIGKILL");
    await untilAtLeast(() => Number(isZombie(pid)), 1);
    look();
    t.deepEqual(limits, [limit, limit]);
  },
);

function isZombie(pid: number): boolean {
  return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}
