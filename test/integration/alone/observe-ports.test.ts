import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import type { LiveSample, TableSample } from "../../../harness/results/live-samples.ts";
import type { PortsSample, Sample } from "../../../harness/results/samples.ts";
import { createTableLook } from "../../../harness/sampling/live/table.ts";
import type { WatchedRole } from "../../../harness/sampling/observer.ts";
import { createPortsLook } from "../../../harness/sampling/ports.ts";
import { startObserver } from "../../../harness/sampling/start-observer.ts";
import { testNeeding } from "../../helpers/parts.ts";

const fixture = new URL("../../fixtures/sampling/time-waits.ts", import.meta.url).pathname;
const asUser = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];

testNeeding(
  ["linux", "namespaces", "ss"],
  "ports per destination are what ss counts inside, IPv4 and IPv6",
  async (t) => {
    const child = await openTimeWaits(1500, ["198.18.7.1", "3306", "198.18.7.1", "3307", "2001:2::7", "3308"]);
    t.teardown(() => child.kill());
    const [ports] = look(watched(child)).filter((sample) => sample.kind === "ports");
    t.truthy(ports);
    const found = (ports as PortsSample).destinations;
    t.deepEqual(found.map(({ address, port }) => `${address} ${port}`).sort(), [
      "198.18.7.1 3306",
      "198.18.7.1 3307",
      "2001:2::7 3308",
    ]);
    for (const { address, port, states, inUse } of found) {
      const held = address === "198.18.7.1" && port === 3306 ? 1 : 0;
      t.is(states.TIME_WAIT, countBySs(child, "time-wait", address, port));
      t.is(states.TIME_WAIT, 1500);
      t.is(states.ESTABLISHED ?? 0, held);
      t.is(inUse, 1500 + held);
    }
    const tables: LiveSample[] = [];
    createTableLook(watched(child), { now: () => 0, onSample: (sample) => tables.push(sample) })();
    const [table] = tables as TableSample[];
    t.deepEqual(
      table?.destinations.map(({ address, source, inUse }) => ({ address, source, inUse })),
      // Each is dialled from itself.
      found.map(({ address, inUse }) => ({ address, source: address, inUse })),
    );
    // Every TIME_WAIT has its time: none is older than the minute that it lasts.
    t.true(
      table?.destinations.every(
        ({ states, ending }) => ending.reduce((sum, count) => sum + count, 0) === states.TIME_WAIT,
      ),
    );
  },
);

testNeeding(
  ["linux", "namespaces"],
  "the observer samples every kind, outlives its roles and says what it cost",
  async (t) => {
    const child = await openTimeWaits(50, ["198.18.7.1", "3306"]);
    t.teardown(() => child.kill());
    const samples: Sample[] = [];
    const gone = { ...watched(child), role: "gone", namespacePid: 2 ** 22 + 1, partPids: () => [2 ** 22 + 1] };
    const observer = startObserver({
      roles: [watched(child), gone],
      now: () => performance.now(),
      onSample: (sample) => samples.push(sample),
    });
    const kinds = new Set(
      samples.filter((sample) => !("role" in sample) || sample.role === "target").map(({ kind }) => kind),
    );
    t.deepEqual([...kinds].sort(), ["counters", "listen", "node", "ports", "process", "roleCpu", "sockets"]);
    t.false(samples.some((sample) => "role" in sample && sample.role === "gone"));
    const sockets = samples.find((sample) => sample.kind === "sockets");
    t.is(sockets?.timeWait, 50);

    child.kill("SIGKILL");
    await once(child, "exit");
    const before = samples.length;
    const costs = await observer.stop();
    t.deepEqual(
      costs.map(({ sampler }) => sampler),
      ["sockets", "counters", "roleCpu", "process", "node", "ports"],
    );
    t.true(costs.every(({ looks, cpuMs }) => looks >= 1 && cpuMs > 0));
    t.deepEqual([...new Set(samples.slice(before).map(({ kind }) => kind))], ["node"]);
  },
);

testNeeding(["linux", "namespaces"], "a table that grows meanwhile is walked once, not chased", async (t) => {
  const child = await openTimeWaits(500, ["198.18.7.1", "3306"]);
  t.teardown(() => child.kill());
  child.stdin?.write("on\n");
  for (let ports = 0; ports < 10000; await new Promise(setImmediate)) {
    const [sample] = look(watched(child)).filter(({ kind }) => kind === "ports") as PortsSample[];
    ports = sample?.destinations[0]?.inUse ?? 0;
    const rows = Object.values(sample?.destinations[0]?.states ?? {}).reduce((sum, count) => sum + count, 0);
    // A connection that changes its state under the look may show twice; a second walk would show nearly all twice.
    t.true(rows <= 1.3 * ports, `${rows} rows of ${ports} ports`);
  }
});

function watched(child: ChildProcess): WatchedRole {
  const pid = child.pid ?? 0;
  return {
    role: "target",
    namespacePid: pid,
    partPids: () => [pid],
    listenPort: 3306,
    portRange: { low: 10000, high: 60999 },
    usablePorts: 51000,
  };
}

function look(role: WatchedRole): Sample[] {
  const samples: Sample[] = [];
  createPortsLook({ roles: [role], now: () => 0, onSample: (sample) => samples.push(sample) }, role)();
  return samples;
}

async function openTimeWaits(count: number, destinations: string[]): Promise<ChildProcess> {
  const argv = [...asUser, "--net", process.execPath, fixture, String(count), ...destinations];
  const child = spawn("unshare", argv, { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

function countBySs(child: ChildProcess, state: string, address: string, port: number): number {
  const host = address.includes(":") ? `[${address}]` : address;
  const enter = process.getuid?.() === 0 ? [] : ["--user", "--preserve-credentials"];
  const argv = [...enter, "--net", "-t", String(child.pid), "ss", "-Htan", "state", state, "dst", `${host}:${port}`];
  return execFileSync("nsenter", argv, { encoding: "utf8" }).split("\n").filter(Boolean).length;
}
