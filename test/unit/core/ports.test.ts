import test from "ava";
import fc from "fast-check";
import { parsePortRange, portsOf } from "../../../harness/core/ports.ts";
import type { SettingReading } from "../../../harness/testbeds/testbed.ts";

function readings(values: Record<string, string | null>): SettingReading[] {
  return Object.entries(values).map(([key, effective]) => ({
    role: "target",
    key: `net.ipv4.${key}`,
    asked: null,
    before: effective,
    effective,
    origin: "recorded",
  }));
}

test("the default range has 28,232 ports", (t) => {
  const settings = readings({ ip_local_port_range: "32768 60999", tcp_max_tw_buckets: "262144" });
  t.deepEqual(portsOf(settings, "target"), {
    range: { low: 32_768, high: 60_999 },
    reserved: 0,
    usable: 28_232,
    maxTimeWaitBuckets: 262_144,
  });
  t.is(portsOf(settings, "generator"), null);
  t.is(portsOf(readings({ ip_local_port_range: null }), "target"), null);
});

test("reserved ports count only where they lie in the range", (t) => {
  const settings = readings({
    ip_local_port_range: "1000 1099",
    ip_local_reserved_ports: "80,990-1009,1050,1090-2000",
  });
  t.like(portsOf(settings, "target"), { reserved: 21, usable: 79 });
});

test("usable and reserved ports make up the range", (t) => {
  const port = fc.integer({ min: 1024, max: 65_535 });
  fc.assert(
    fc.property(port, port, fc.uniqueArray(port, { maxLength: 20 }), (one, other, reserved) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      const facts = portsOf(
        readings({ ip_local_port_range: `${low}\t${high}`, ip_local_reserved_ports: reserved.join(",") }),
        "target",
      );
      const inside = reserved.filter((value) => value >= low && value <= high).length;
      return facts?.reserved === inside && facts.usable === high - low + 1 - inside;
    }),
  );
  t.pass();
});

test("a range is two ports with blanks between, as the kernel reads and writes it", (t) => {
  t.deepEqual(parsePortRange("32768\t60999\n"), { low: 32_768, high: 60_999 });
  t.deepEqual(parsePortRange("1024 65535"), { low: 1024, high: 65_535 });
  for (const none of ["", "1024", "1024-65535", "1024 65535 1", "a b"]) t.is(parsePortRange(none), null, none);
});
