import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { startLive } from "../../harness/sampling/live/start-live.ts";
import { openLookAtAll } from "../../harness/subjects/look-at-all.ts";
import type { Benchmark, Figure } from "./figures.ts";
import { compareLooks } from "./look.ts";
import { type ManySockets, openConnections, openTimeWaits } from "./many-sockets.ts";

const timeWaits = 28_000;
const sockets = 300_000;
const destinations = 12;
const watchMs = 30_000;
const namespaces = 200;
const looks = 5;

/** What a look at a live service costs over time, and how long all namespaces of a machine take. */
export const observeBenchmark: Benchmark = {
  name: "observe",
  about: `a live look at ${timeWaits} TIME_WAITs, and at ${sockets} sockets, over ${watchMs / 1000} s; two looks at ${namespaces} network namespaces`,
  async run() {
    return [...(await ofTimeWaits()), ...(await ofConnections()), ...(await allNamespaces())];
  },
};

async function ofTimeWaits(): Promise<Figure[]> {
  const full = await openTimeWaits("target", timeWaits);
  try {
    return await shareOfCore(full, "all looks at a service, of a core", { atMost: 1 });
  } finally {
    await full.end();
  }
}

/**
 * A table that nobody can read often: two looks, the first and the last, are all that half a minute has of it. Each beside what others take for
 * one; over a longer time the pace keeps them below one per cent of a core.
 */
async function ofConnections(): Promise<Figure[]> {
  const connections = sockets / destinations / 2;
  const full = await openConnections("target", connections);
  try {
    const least = 0.95 * connections;
    return [
      ...(await shareOfCore(full, `all looks at ${sockets} sockets, of a core`, null)),
      ...(await compareLooks(full, { least, pairs: 3 })),
    ];
  } finally {
    await full.end();
  }
}

async function shareOfCore({ role: target }: ManySockets, what: string, goal: Figure["goal"]): Promise<Figure[]> {
  const node = { proc: "/proc", conntrack: 1, runRoots: null };
  const observer = startLive({
    ...{ target, node, windowMs: watchMs },
    ...{ now: () => performance.now(), onSample: () => undefined },
  });
  await pause(watchMs);
  const costs = await observer.stop();
  const all = costs.reduce((sum, { shareOfCore }) => sum + shareOfCore, 0);
  return [{ what, unit: "%", values: [all * 100], goal }];
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
