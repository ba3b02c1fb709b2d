/** Limits of real services in namespaces, driven to a half, nine tenths and all of them by a load that knows nothing of the look. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { temporaryFolder } from "../helpers/cli.ts";
import { makeGroup } from "../helpers/control-group.ts";
import { fillsInTime, lookAt, nearest, openFilesOf, timeWaitsOf, untilAtLeast } from "../helpers/live-look.ts";
import { address, openService } from "../helpers/live-service.ts";
import { testNeeding } from "../helpers/parts.ts";

const parts = ["linux", "namespaces", "ss", "go"] as const;
const dialling = { mode: "dial", env: { UP: `${address}:3306` } };
const near = (share: number | null | undefined, wanted: number) => Math.abs((share ?? 0) - wanted) <= 0.06;

testNeeding([...parts], "ports at a half, nine tenths and all of a range, and when they are full", async (t) => {
  const started = async () => {
    const service = await openService(t, {
      ...dialling,
      sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.ip_local_port_range": "32768 33007" },
    });
    await service.start("lazy", { PORT: "3306" });
    const load = service.load("ask", 40);
    await load.ready;
    return { service, load };
  };
  const { service, load } = await started();
  const count = () => timeWaitsOf(service.pid);
  await untilAtLeast(count, 120);
  const atHalf = nearest(await lookAt(service.pid, 300), "ports");
  t.true((atHalf?.share ?? 0) >= 0.5 && (atHalf?.share ?? 0) < 0.75, `${atHalf?.share}`);
  t.is(atHalf?.of, 240);
  t.is(atHalf?.subject, `${address}:3306`);
  await untilAtLeast(count, 216);
  const atNine = nearest(await lookAt(service.pid, 100), "ports");
  t.true((atNine?.share ?? 0) >= 0.9, `${atNine?.share}`);
  await untilAtLeast(count, 239);
  const full = await lookAt(service.pid, 500);
  t.is(full.outlook.kind, "reached");
  t.is(full.limits[0]?.limit, "ports");
  t.true(full.findings.some(({ rule }) => rule === "port-exhaustion"));
  load.stop();
  await fillsInTime(t, {
    limit: "ports",
    start: async () => {
      const { service } = await started();
      return { pid: service.pid, count: () => timeWaitsOf(service.pid), of: 240 };
    },
  });
});

testNeeding([...parts], "descriptors at a half, nine tenths and all", async (t) => {
  const { pid, load } = await openService(t, { mode: "sleep", env: { MS: "600000" }, limits: { files: 200 } });
  for (const share of [0.5, 0.9]) {
    load("hold", 200 * share - openFilesOf(pid));
    await untilAtLeast(() => openFilesOf(pid), 200 * share);
    const observation = await lookAt(pid, 300);
    t.true(near(nearest(observation, "descriptors")?.share, share), `${nearest(observation, "descriptors")?.share}`);
    t.is(observation.outlook.kind, share === 0.5 ? "room" : "high");
  }
  load("hold", 40);
  await untilAtLeast(() => openFilesOf(pid), 199);
  const full = await lookAt(pid, 300);
  t.is(full.outlook.kind, "reached");
  t.is(full.limits[0]?.limit, "descriptors");
});

testNeeding([...parts], "an accept queue at a half, nine tenths and all", async (t) => {
  const { pid, load } = await openService(t, { mode: "sleep", sysctls: { "net.core.somaxconn": "100" } });
  process.kill(pid, "SIGSTOP");
  await load("dial", 50).ready;
  const half = nearest(await lookAt(pid, 300), "accept-queue");
  t.deepEqual([half?.used, half?.of, half?.subject], [50, 100, "port 8080"]);
  t.like(half?.detail, { kind: "queue", binding: "somaxconn" });
  await load("dial", 40).ready;
  const most = await lookAt(pid, 300);
  t.is(nearest(most, "accept-queue")?.share, 0.9);
  t.is(most.outlook.kind, "high");
  load("dial", 30);
  await untilAtLeast(() => overflowsOf(pid), 1);
  load("dial", 30);
  const full = await lookAt(pid, 1500);
  t.is(full.outlook.kind, "reached");
  t.is(full.limits[0]?.limit, "accept-queue");
});

testNeeding([...parts], "a SYN queue at a half, nine tenths and all: handshakes that nobody ends", async (t) => {
  const { pid, load } = await openService(t, await deaf(t));
  for (const [more, share] of [
    [50, 0.5],
    [40, 0.9],
  ] as const) {
    await load("dial", more).ready;
    const limit = nearest(await lookAt(pid, 300), "syn-queue");
    t.deepEqual([limit?.used, limit?.of, limit?.subject], [100 * share, 100, "port 8080"]);
  }
  const look = lookAt(pid, 2500);
  load("dial", 60);
  const full = await look;
  t.is(full.outlook.kind, "reached");
  t.is(full.limits[0]?.limit, "syn-queue");
});

testNeeding([...parts], "a Unix listener's queue at a half, nine tenths and all", async (t) => {
  const service = await deaf(t);
  const { pid, load } = await openService(t, service);
  const path = service.env.SOCKET;
  for (const [more, share] of [
    [50, 0.5],
    [40, 0.9],
  ] as const) {
    await load("dial", more, `unix:${path}`).ready;
    const limit = nearest(await lookAt(pid, 300), "unix-queue");
    t.deepEqual([limit?.used, limit?.of, limit?.subject], [100 * share, 100, path]);
    t.like(limit?.detail, { kind: "queue", binding: "somaxconn" });
  }
  const look = lookAt(pid, 2500);
  load("dial", 30, `unix:${path}`);
  const full = await look;
  t.is(full.outlook.kind, "reached");
  t.is(full.limits[0]?.limit, "unix-queue");
});

testNeeding(
  [...parts],
  "ports of one address over all destinations, where each is bound before it connects",
  async (t) => {
    const { pid, start, load } = await openService(t, {
      ...{ mode: "sleep", sysctls: { "net.ipv4.ip_local_port_range": "32768 33007" } },
    });
    await start("lazy", { PORT: "3306", PORTS: "2" });
    for (const [more, share] of [
      [60, 0.5],
      [48, 0.9],
      [12, 1],
    ] as const) {
      await Promise.all([3306, 3307].map((port) => load("bind", more, port).ready));
      const seen = await lookAt(pid, 300);
      const limit = nearest(seen, "source-ports");
      t.deepEqual([limit?.used, limit?.of, limit?.subject], [240 * share, 240, address]);
      t.is(limit?.secondsToFull, share === 1 ? 0 : null);
      t.is(seen.limits[0]?.limit, "source-ports");
    }
  },
);

testNeeding([...parts], "buckets for TIME_WAITs at a half, nine tenths and all", async (t) => {
  const service = await openService(t, { ...dialling, sysctls: { "net.ipv4.tcp_max_tw_buckets": "200" } });
  await service.start("lazy", { PORT: "3306" });
  await service.load("ask", 40).ready;
  for (const share of [0.5, 0.9]) {
    await untilAtLeast(() => timeWaitsOf(service.pid), 200 * share);
    const limit = nearest(await lookAt(service.pid, 200), "time-wait-buckets");
    t.true((limit?.share ?? 0) >= share && limit?.of === 200, `${limit?.share}`);
  }
  await untilAtLeast(() => timeWaitsOf(service.pid), 200);
  const full = await lookAt(service.pid, 1500);
  t.is(full.outlook.kind, "reached");
  t.true(full.findings.some(({ rule }) => rule === "time-wait-bucket-overflow"));
});

testNeeding([...parts], "a UDP socket's buffer at a half and nine tenths, and what it drops", async (t) => {
  const service = await openService(t, { mode: "sleep" });
  const pid = await service.start("udp", { PORT: "5353", BUFFER: "65536" });
  process.kill(pid, "SIGSTOP");
  // A datagram of 512 bytes takes 1,280 of the buffer's 131,072.
  for (const [datagrams, share] of [
    [51, 0.5],
    [41, 0.9],
  ] as const) {
    await service.load("send", datagrams, 5353).ready;
    const limit = nearest(await lookAt(pid, 100), "udp-queue");
    t.true(near(limit?.share, share), `${limit?.share}`);
    t.is(limit?.secondsToFull, null);
  }
  const look = lookAt(pid, 2500);
  await service.load("send", 200, 5353).ready;
  const full = await look;
  t.is(full.outlook.kind, "reached");
  t.is(full.limits[0]?.limit, "udp-queue");
});

testNeeding([...parts, "memory-group"], "memory of a control group that fills until the kernel kills", async (t) => {
  const limit = 64 * 2 ** 20;
  const group = makeGroup(t, { group: "memory", limit });
  const { pid, load } = await openService(t, { mode: "keep", env: { KB: "512" }, limits: { group } });
  await load("ask", 20).ready;
  const used = async () => nearest(await lookAt(pid, 200), "memory");
  let at = await used();
  while ((at?.share ?? 0) < 0.5) at = await used();
  t.is(at?.of, limit);
  const observation = await lookAt(pid, 20_000);
  t.is(observation.outlook.kind, "reached");
  t.is(observation.limits[0]?.limit, "memory");
  t.true(observation.caveats.some(({ code }) => code === "ended"));
  t.true(observation.findings.some(({ rule }) => rule === "out-of-memory"));
});

testNeeding([...parts, "cpu-group"], "a CPU limit that holds a group back, and one that does not", async (t) => {
  const group = makeGroup(t, { group: "cpu", limit: 0.2 });
  const { pid, load } = await openService(t, { mode: "burn", env: { MS: "10" }, limits: { group } });
  const idle = nearest(await lookAt(pid, 1500), "cpu");
  t.is(idle?.of, 0.2);
  t.is(idle?.secondsToFull, null);
  await load("ask", 60).ready;
  const busy = await lookAt(pid, 2000);
  t.is(busy.outlook.kind, "reached");
  t.is(busy.limits[0]?.limit, "cpu");
  t.true(busy.findings.some(({ rule }) => rule === "cgroup-throttling"));
});

testNeeding([...parts], "a service that is well: no limit is near", async (t) => {
  const { pid, load } = await openService(t, { mode: "sleep", env: { MS: "1" } });
  await load("ask", 20).ready;
  const observation = await lookAt(pid, 1500);
  t.deepEqual(observation.findings, []);
  t.deepEqual(observation.outlook, { kind: "room" });
});

/** Accepts nothing, with queues of a hundred. */
async function deaf(t: ExecutionContext) {
  const SOCKET = join(await temporaryFolder(t), "app.sock");
  return { mode: "deaf", env: { SOCKET }, sysctls: { "net.core.somaxconn": "100" } };
}

/** A counter that the looks read as well: it says when the queue has overflowed. */
function overflowsOf(pid: number): number {
  const lines = readFileSync(`/proc/${pid}/net/netstat`, "utf8")
    .split("\n")
    .map((line) => line.split(" "));
  const at = lines[0]?.indexOf("ListenOverflows") ?? -1;
  return Number(lines[1]?.[at] ?? 0);
}
