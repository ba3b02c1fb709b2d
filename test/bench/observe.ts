import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { startLive } from "../../harness/sampling/live/start-live.ts";
import { openLookAtAll } from "../../harness/subjects/look-at-all.ts";
import type { Benchmark, Figure } from "./figures.ts";
import { openTimeWaits } from "./time-waits.ts";

const timeWaits = 28_000;
const watchMs = 30_000;
const namespaces = 200;
const looks = 5;

/** What a look at a live service costs over time, and how long all namespaces of a machine take. */
export const observeBenchmark: Benchmark = {
  name: "observe",
  about: `a live look at ${timeWaits} TIME_WAITs over ${watchMs / 1000} s; two looks at ${namespaces} network namespaces`,
  async run() {
    return [...(await shareOfCore()), ...(await allNamespaces())];
  },
};

async function shareOfCore(): Promise<Figure[]> {
  const full = await openTimeWaits("target", timeWaits);
  try {
    const node = { proc: "/proc", conntrack: 1, runRoots: null };
    const observer = startLive({
      ...{ target: full.role, node, windowMs: watchMs },
      ...{ now: () => performance.now(), onSample: () => undefined },
    });
    await pause(watchMs);
    const costs = await observer.stop();
    const all = costs.reduce((sum, { shareOfCore }) => sum + shareOfCore, 0);
    return [{ what: "all looks at a service, of a core", unit: "%", values: [all * 100], goal: { atMost: 1 } }];
  } finally {
    await full.end();
  }
}

/** Without the time that is watched between the two looks. */
async function allNamespaces(): Promise<Figure[]> {
  const children = Array.from({ length: namespaces }, openNamespace);
  try {
    await pause(3000);
    const seconds: number[] = [];
    for (let look = 0; look < looks; look += 1) {
      const began = performance.now();
      await (await openLookAtAll(300)).close();
      seconds.push((performance.now() - began) / 1000);
    }
    return [{ what: `two looks at ${namespaces} namespaces`, unit: "s", values: seconds, goal: { atMost: 3 } }];
  } finally {
    for (const child of children) child.kill();
  }
}

function openNamespace(): ChildProcess {
  const asRoot = process.getuid?.() === 0;
  const flags = [...(asRoot ? [] : ["--user", "--map-root-user"]), "--net"];
  return spawn("unshare", [...flags, "cat"], { stdio: ["pipe", "ignore", "ignore"] });
}
