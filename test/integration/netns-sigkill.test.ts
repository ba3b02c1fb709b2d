import { existsSync, readlinkSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import { testNeeding } from "../helpers/parts.ts";

const harness = fileURLToPath(new URL("../fixtures/netns/harness.ts", import.meta.url));
const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", process.execPath];

testNeeding(["namespaces"], "SIGKILL of the harness leaves no process and no namespace", (t) =>
  killHarness(t, [process.execPath]),
);

testNeeding(["namespaces", "root"], "SIGKILL of a rootless harness leaves no process and no namespace", (t) =>
  killHarness(t, asNobody),
);

/** What the harness to be killed prints. */
interface Seen {
  rootless: boolean;
  pids: number[];
  grandchildren: number;
  networks: string[];
}

async function killHarness(t: ExecutionContext, node: string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-test-kill-"));
  await execa("chmod", ["777", folder]);
  const [command = process.execPath, ...args] = node;
  const child = execa(command, [...args, harness, folder], {
    reject: false,
    cwd: "/",
    stderr: "inherit",
    env: { TMPDIR: folder },
  });
  try {
    const first = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    const seen: Seen = JSON.parse(first.value ?? "null");
    t.is(seen.rootless, node === asNobody || process.geteuid?.() !== 0);
    t.is(seen.grandchildren, 2);
    t.deepEqual(
      seen.pids.filter((pid) => !existsSync(`/proc/${pid}`)),
      [],
    );
    t.true((await holdersOf(seen.networks)).length >= seen.pids.length);
    child.kill("SIGKILL");
    await child;
    t.deepEqual(await leftAfter(5000, seen.pids, seen.networks), []);
  } finally {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  }
}

/** Pids that are still there, or that live in one of the networks, once all are gone or the time is over. */
async function leftAfter(withinMs: number, pids: number[], networks: string[]): Promise<number[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const left = [...pids.filter((pid) => existsSync(`/proc/${pid}`)), ...(await holdersOf(networks))];
    if (left.length === 0 || performance.now() > deadline) return left;
    await wait(5);
  }
}

async function holdersOf(networks: string[]): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => networks.includes(networkOf(pid))).map(Number);
}

function networkOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return "";
  }
}
