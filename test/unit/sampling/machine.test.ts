import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { cpuStatPaths, parseCpuStat } from "../../../harness/sampling/cgroup.ts";
import { parseCounters } from "../../../harness/sampling/counters.ts";
import {
  isNetworkInterrupt,
  networkInterrupts,
  parseInterrupts,
  readNetworkDevices,
} from "../../../harness/sampling/interrupts.ts";
import { parseConntrack, parseCpuTimes, parseSoftirqs, parseSoftnet } from "../../../harness/sampling/node.ts";
import { parseStatTicks } from "../../../harness/sampling/process-tree.ts";
import { createRoleCpuLook } from "../../../harness/sampling/role-cpu.ts";
import { parseSockstat } from "../../../harness/sampling/sockets.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/sampling/${name}`, import.meta.url), "utf8");

test("sockstat: TIME_WAITs of both IP versions, sockets in use of both added up", (t) => {
  const four = "sockets: used 15\nTCP: inuse 7 orphan 0 tw 14122 alloc 9 mem 82\nUDP: inuse 3 mem 0\n";
  t.deepEqual(parseSockstat(four, "TCP6: inuse 5\nUDP6: inuse 8\n"), { timeWait: 14122, inUse: 12 });
  t.deepEqual(parseSockstat(four, ""), { timeWait: 14122, inUse: 7 });
});

test("counters of this kernel's netstat and snmp, by name and not by place", (t) => {
  const counters = parseCounters(fixture("netstat.txt") + fixture("snmp.txt"));
  t.is(Object.keys(counters).length, 35);
  const [names = "", values = ""] = fixture("snmp.txt")
    .split("\n")
    .filter((line) => line.startsWith("Tcp: "));
  t.is(counters.ActiveOpens, Number(values.split(" ")[names.split(" ").indexOf("ActiveOpens")]));
  t.true((counters.ActiveOpens ?? 0) > 0 && (counters.InOctets ?? 0) > 0);
});

test("counters that a kernel lacks are left out", (t) => {
  t.deepEqual(parseCounters("TcpExt: TW Unknown TWRecycled\nTcpExt: 5 6 7\nTcp: ActiveOpens\nTcp: 9\n"), {
    TW: 5,
    TWRecycled: 7,
    ActiveOpens: 9,
  });
});

test("CPU time: busy leaves idle and iowait out, guest time is in user already", (t) => {
  const text = "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 100 10 50 9000 77 3 20 4 60 0\ncpu2 1 0 1 9 9 0 5 0 0 0\nctxt 5\n";
  t.deepEqual(parseCpuTimes(text), { cpuBusyMs: [1870, 0, 70], cpuSoftirqMs: [200, 0, 50] });
  t.is(parseCpuTimes(fixture("stat.txt")).cpuBusyMs.length, 2);
});

test("softirqs by the CPU numbers of the head line", (t) => {
  t.deepEqual(
    parseSoftirqs("      CPU0   CPU3\n NET_TX:  1 2\n NET_RX:  42000  54000\n", "NET_RX"),
    [42000, 0, 0, 54000],
  );
  t.true(parseSoftirqs(fixture("softirqs.txt"), "NET_RX").every((count) => count > 0));
  t.deepEqual(parseSoftirqs("", "NET_RX"), []);
});

test("softnet rows go by their own CPU column, in hex; older kernels go by place", (t) => {
  const zeros = Array(9).fill("00000000").join(" ");
  const text = `00003ffb 00000002 0000000a ${zeros} 00000003\n00000013 00000000 00000000 ${zeros} 00000001\n`;
  t.deepEqual(parseSoftnet(text), {
    softnetProcessed: [0, 0x13, 0, 0x3ffb],
    softnetDropped: [0, 0, 0, 2],
    softnetTimeSqueeze: [0, 0, 0, 10],
  });
  t.deepEqual(parseSoftnet("00000001 00000000 00000000\n00000002 00000000 00000000\n").softnetProcessed, [1, 2]);
});

test("conntrack's entries, drops and early drops, and flows that found no port, over the CPUs; null without the file", (t) => {
  // A namespace that masquerades by 50 ports, 80 dials from it to one destination: 30 of them waited in vain.
  const text = [
    "entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  search_restart",
    "00000032 00000000 0 0 0 0 0 0 00000000 0000007d 0000007d 00000001 00000000  00000000",
    "00000032 00000000 0 0 0 0 0 0 00000000 0000000e 0000000e 00000000 00000000  00000000",
  ];
  t.deepEqual(parseConntrack(text.join("\n")), { entries: 50, drops: 140, insertFailed: 139 });
  t.is(parseConntrack(""), null);
});

test("on this kind of machine the virtio network device's rows count, not the socket device's", (t) => {
  const rows = parseInterrupts(fixture("interrupts.txt"));
  const devices = { irqs: new Set<number>(), names: new Set(["eth0", "virtio2"]) };
  t.deepEqual(
    rows.filter((row) => isNetworkInterrupt(row, devices)).map(({ name }) => name),
    ["virtio2-input.0", "virtio2-output.0"],
  );
  const sum = networkInterrupts(rows, devices);
  const input = rows.find(({ name }) => name === "virtio2-input.0")?.perCpu ?? [];
  const output = rows.find(({ name }) => name === "virtio2-output.0")?.perCpu ?? [];
  t.deepEqual(
    sum,
    input.map((count, cpu) => count + (output[cpu] ?? 0)),
  );
  t.true(sum.every((count) => count > 0));
});

test("rows of other drivers: by interface name, or by the interrupts that the PCI device owns", (t) => {
  const text = [
    "            CPU0       CPU2",
    "  27:          7          0  PCI-MSI 81920-edge      ens5-Tx-Rx-0",
    "  28:          0          9  PCI-MSI 81921-edge      mlx5_comp0@pci:0000:00:05.0",
    "  29:          1          1  PCI-MSI 81922-edge      nvme0q1",
    "  30:          2          0  xen-dyn    -event     eth0",
    "  31:          4          0  PCI-MSI 81923-edge      ens51-Tx-Rx-0",
    " NMI:          3          3   Non-maskable interrupts",
  ].join("\n");
  const devices = { irqs: new Set([28]), names: new Set(["ens5", "eth0"]) };
  const rows = parseInterrupts(text).filter((row) => isNetworkInterrupt(row, devices));
  t.deepEqual(
    rows.map(({ irq }) => irq),
    [27, 28, 30],
  );
  t.deepEqual(networkInterrupts(rows, devices), [9, 0, 9]);
});

test("network devices from sysfs: PCI interrupts, virtio bus names, nothing for lo and veth", (t) => {
  const root = mkdtempSync(join(tmpdir(), "tunebench-sysfs-"));
  t.teardown(() => rmSync(root, { recursive: true }));
  const folder = join(root, "class");
  for (const path of ["class/lo", "class/ens5", "class/eth1", "pci/msi_irqs", "virtio7"])
    mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, "pci/msi_irqs/44"), "msix");
  symlinkSync(join(root, "pci"), join(folder, "ens5/device"));
  symlinkSync(join(root, "virtio7"), join(folder, "eth1/device"));
  t.deepEqual(readNetworkDevices(folder), { irqs: new Set([44]), names: new Set(["ens5", "eth1", "virtio7"]) });
  t.deepEqual(readNetworkDevices(join(root, "none")), { irqs: new Set(), names: new Set() });
});

test("a process's ticks: its own and those of children waited for; its name may hold anything", (t) => {
  const stat = "10182 (a) R (b) S 10163 10163 7427 0 -1 4194304 100 0 0 0 11 22 33 44 20 0 1 0 104556";
  t.deepEqual(parseStatTicks(stat), { own: 33, children: 77 });
});

test("throttling by cgroup version 2 (microseconds) and 1 (nanoseconds)", (t) => {
  t.deepEqual(parseCpuStat("usage_usec 5\nnr_periods 9\nnr_throttled 4\nthrottled_usec 2500\n"), {
    periods: 9,
    throttledPeriods: 4,
    throttledMs: 2.5,
  });
  t.deepEqual(parseCpuStat("nr_periods 9\nnr_throttled 4\nthrottled_time 2500000\n"), {
    periods: 9,
    throttledPeriods: 4,
    throttledMs: 2.5,
  });
  t.deepEqual(parseCpuStat("usage_usec 5\n"), { periods: null, throttledPeriods: null, throttledMs: null });
});

test("where cpu.stat is looked for", (t) => {
  t.deepEqual(cpuStatPaths("3:cpu,cpuacct:/box/a\n2:memory:/m\n0::/user/b\n"), [
    "/sys/fs/cgroup/user/b/cpu.stat",
    "/sys/fs/cgroup/unified/user/b/cpu.stat",
    "/sys/fs/cgroup/cpu/box/a/cpu.stat",
    "/sys/fs/cgroup/cpu,cpuacct/box/a/cpu.stat",
  ]);
  t.deepEqual(cpuStatPaths("0::/\n"), ["/sys/fs/cgroup/cpu.stat", "/sys/fs/cgroup/unified/cpu.stat"]);
});

test("a role's CPU time goes on where a part was started again, from what the one before it had used", async (t) => {
  const child = spawn(process.execPath, ["-e", "for (;;) {}"]);
  const samples: number[] = [];
  let pids = [process.pid];
  const role = {
    role: "db",
    namespacePid: process.pid,
    partPids: () => pids,
    listenPort: null,
    portRange: { low: 1, high: 2 },
    usablePorts: 2,
  };
  const look = createRoleCpuLook({
    roles: [role],
    now: () => 0,
    onSample: (sample) => sample.kind === "roleCpu" && samples.push(sample.cpuMs),
  });
  look();
  pids = [child.pid ?? 0];
  const first = samples[0] ?? 0;
  t.true(first > 0);
  while ((samples.at(-1) ?? 0) < first + 50) {
    look();
    await new Promise(setImmediate);
  }
  child.kill("SIGKILL");
  t.deepEqual(
    samples,
    samples.toSorted((a, b) => a - b),
  );
});
