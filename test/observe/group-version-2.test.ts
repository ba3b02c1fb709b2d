/** Control groups of version 2, whatever this machine has: its files are laid over /sys/fs/cgroup in a mount namespace. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { temporaryFolder, treeFile } from "../helpers/cli.ts";
import { testNeeding } from "../helpers/parts.ts";

const flags = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
const mebibyte = 2 ** 20;

testNeeding(["linux", "namespaces"], "memory, kills, quota and throttling of a group of version 2", async (t) => {
  const root = await temporaryFolder(t);
  // A process that is in no such group is in its root.
  const own = /^0::(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1] ?? "/";
  const folder = join(root, own);
  mkdirSync(folder, { recursive: true });
  const files = {
    "memory.current": `${96 * mebibyte}`,
    "memory.max": `${128 * mebibyte}`,
    "memory.stat": `anon ${50 * mebibyte}\ninactive_file ${32 * mebibyte}\n`,
    "memory.events": "low 0\nhigh 0\nmax 7\noom 2\noom_kill 1\n",
    "cpu.max": "50000 100000",
    "cpu.stat": "usage_usec 1\nnr_periods 40\nnr_throttled 10\nthrottled_usec 2500000\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${text.trimEnd()}\n`);
  const lay = 'mount --bind "$0" /sys/fs/cgroup && exec "$@"';
  const look = [process.execPath, treeFile("test/fixtures/observe/group-look.ts")];
  const { stdout } = await execa("unshare", [...flags, "--mount", "sh", "-c", lay, root, ...look]);
  t.like(JSON.parse(stdout), {
    ...{ memoryBytes: 64 * mebibyte, memoryLimitBytes: 128 * mebibyte, oomKills: 1 },
    ...{ cpuLimitCores: 0.5, cpuPeriods: 40, throttledPeriods: 10, throttledMs: 2500 },
  });
});
