import test from "ava";
import fc from "fast-check";
import { freeValue } from "../../../harness/find/listened-ports.ts";

const range = "net.ipv4.ip_local_port_range";

test("a range without a listener is as it was asked", (t) => {
  t.is(freeValue(range, "1024 65535", [80, 443]), "1024 65535");
});

test("of a range with a listener the widest part without it is left, its bounds of different parity", (t) => {
  t.is(freeValue(range, "1024 65535", [8080]), "8082 65535");
  t.is(freeValue(range, "1024 65535", [60_000, 8080]), "8082 59999");
});

test("no range is left where something listens on all of it", (t) => {
  t.is(freeValue(range, "8080 8081", [8080, 8081]), null);
});

test("reserved ports that are given back leave those that something listens on", (t) => {
  t.is(freeValue("net.ipv4.ip_local_reserved_ports", "", [9090, 8080, 9090]), "8080,9090");
  t.is(freeValue("net.core.somaxconn", "65535", [65_535]), "65535");
});

test("a range never holds a port that something listens on, and lies in what was asked", (t) => {
  const port = fc.integer({ min: 1, max: 65_535 });
  const property = fc.property(port, port, fc.array(port, { maxLength: 30 }), (one, other, listening) => {
    const [low, high] = [Math.min(one, other), Math.max(one, other)];
    const value = freeValue(range, `${low} ${high}`, listening);
    if (value === null) return true;
    const [from = 0, to = 0] = value.split(" ").map(Number);
    const isInside = from >= low && to <= high && from < to && from % 2 !== to % 2;
    return isInside && listening.every((taken) => taken < from || taken > to);
  });
  t.notThrows(() => fc.assert(property));
});
