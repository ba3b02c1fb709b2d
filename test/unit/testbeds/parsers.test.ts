import test from "ava";
import fc from "fast-check";
import { normalValue, procFile } from "../../../harness/knowledge/keys.ts";
import { cpusInMask, cpusOfList } from "../../../harness/suite/cpu-list.ts";
import { listenersOf } from "../../../harness/testbeds/netns/readiness.ts";
import { cpusOfMask } from "../../../harness/testbeds/netns/steering.ts";

test("CPU lists as taskset and the kernel write them", (t) => {
  t.deepEqual(cpusOfList("0"), [0]);
  t.deepEqual(cpusOfList("0-2,5\n"), [0, 1, 2, 5]);
  t.deepEqual(cpusOfList("0-6:2"), [0, 2, 4, 6]);
  for (const bad of ["", "a", "2-1", "1,", "-1", "0-3:0", "1;2"]) t.is(cpusOfList(bad), null, bad);
});

test("masks are read with the kernel's commas, and back to CPUs", (t) => {
  t.is(cpusOfMask("00000001,00000003"), 0x1_0000_0003n);
  t.is(cpusOfMask("0x3"), null);
  t.deepEqual(cpusInMask(0n), []);
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 200 })), (cpus) => {
      const mask = cpus.reduce((bits, cpu) => bits | (1n << BigInt(cpu)), 0n);
      const sorted = [...cpus].sort((a, b) => a - b);
      const read = cpusOfMask(mask.toString(16));
      return read === mask && JSON.stringify(cpusInMask(mask)) === JSON.stringify(sorted);
    }),
  );
});

const header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const row = (local: string, state: string) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 0 0 0 1\n`;

test("only listening rows of the port count, and loopback is told apart", (t) => {
  const table = header + row("00000000:1F90", "0A") + row("0100007F:1F90", "0A") + row("00000000:1F91", "0A");
  t.deepEqual(listenersOf(table + row("020012C6:1F90", "01"), 8080), [{ loopbackOnly: false }, { loopbackOnly: true }]);
  t.deepEqual(listenersOf(table, 80), []);
  const six = header + row("00000000000000000000000001000000:0050", "0A") + row(`${"0".repeat(32)}:0050`, "0A");
  t.deepEqual(listenersOf(six, 80), [{ loopbackOnly: true }, { loopbackOnly: false }]);
});

test("values lose the kernel's tabs, keys become paths", (t) => {
  t.is(normalValue("32768\t60999\n"), "32768 60999");
  t.is(procFile("net.ipv4.tcp_tw_reuse"), "/proc/sys/net/ipv4/tcp_tw_reuse");
});
