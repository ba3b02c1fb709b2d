/** When limits of real services are full at a steady rate, within a fifth of the time: those of which CI runs the ports alone. */
import { existsSync, readFileSync } from "node:fs";
import { makeGroup } from "../helpers/control-group.ts";
import { fillsInTime, lookAt, nearest, openFilesOf, timeWaitsOf } from "../helpers/live-look.ts";
import { address, openService } from "../helpers/live-service.ts";
import { testNeeding } from "../helpers/parts.ts";

const parts = ["linux", "namespaces", "ss", "go"] as const;

testNeeding([...parts], "descriptors", async (t) => {
  await fillsInTime(t, {
    limit: "descriptors",
    start: async () => {
      const { pid, load } = await openService(t, { mode: "sleep", env: { MS: "600000" }, limits: { files: 300 } });
      await load("open", 20).ready;
      return { pid, count: () => openFilesOf(pid), of: 300 };
    },
  });
});

testNeeding([...parts], "buckets for TIME_WAITs", async (t) => {
  await fillsInTime(t, {
    limit: "time-wait-buckets",
    start: async () => {
      const service = await openService(t, {
        ...{ mode: "dial", env: { UP: `${address}:3306` } },
        sysctls: { "net.ipv4.tcp_max_tw_buckets": "600" },
      });
      await service.start("lazy", { PORT: "3306" });
      await service.load("ask", 40).ready;
      return { pid: service.pid, count: () => timeWaitsOf(service.pid), of: 600 };
    },
  });
});

testNeeding([...parts], "ports of a range that levels off just below are not told to fill", async (t) => {
  const service = await openService(t, {
    ...{ mode: "dial", env: { UP: `${address}:3306` } },
    sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.ip_local_port_range": "32768 33567" },
  });
  await service.start("lazy", { PORT: "3306" });
  await service.load("ask", 11).ready;
  let seen = await lookAt(service.pid, 3000);
  while (timeWaitsOf(service.pid) < 600) {
    t.is(nearest(seen, "ports")?.secondsToFull, null);
    seen = await lookAt(service.pid, 3000);
  }
  t.is(seen.outlook.kind, "levels-off");
});

testNeeding([...parts, "memory-group"], "memory of a control group", async (t) => {
  const limit = 256 * 2 ** 20;
  const group = makeGroup(t, { group: "memory", limit });
  await fillsInTime(t, {
    limit: "memory",
    start: async () => {
      const { pid, load } = await openService(t, { mode: "keep", env: { KB: "512" }, limits: { group } });
      await load("ask", 24).ready;
      return { pid, count: () => memoryOf(pid), of: limit };
    },
  });
});

/** Resident, of a process that is alone in its group: no end once it is gone, which is when it was full. */
function memoryOf(pid: number): number {
  const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, "utf8") : "";
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Infinity) * 1024;
}
