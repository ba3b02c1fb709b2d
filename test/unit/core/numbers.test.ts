import test from "ava";
import fc from "fast-check";
import {
  formatBrief,
  formatBytes,
  formatCount,
  formatDecimal,
  formatP,
  formatRatio,
  formatSpan,
  grouped,
} from "../../../harness/core/numbers.ts";

test("whole numbers are grouped as Intl groups them", (t) => {
  const whole = fc.integer({ min: -(2 ** 53), max: 2 ** 53 });
  fc.assert(fc.property(whole, (value) => grouped(value) === value.toLocaleString("en-US")));
  t.is(grouped(28_232), "28,232");
});

test("a fraction has at most its digits, and is off by half of the last one at the most", (t) => {
  const fractions = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fractions, fc.integer({ min: 0, max: 6 }), (value, digits) => {
      const text = grouped(value, digits);
      const shown = Number(text.replaceAll(",", ""));
      return Math.abs(shown - value) <= 0.5000001 * 10 ** -digits && (text.split(".")[1] ?? "").length <= digits;
    }),
  );
  t.is(grouped(1234.5), "1,234.5");
  t.is(grouped(0.1 + 0.2, 6), "0.3");
});

test("a measured number has the digits that can be known", (t) => {
  t.deepEqual([0.004, 0.62, 7.54, 12.34, 391.4, 7400.2].map(formatDecimal), [
    "0.004",
    "0.62",
    "7.54",
    "12.3",
    "391",
    "7,400",
  ]);
  t.deepEqual([0, 0.043, 7.54, 60, 99.96, 391.4].map(formatBrief), ["0", "0.04", "7.5", "60", "100", "391"]);
  t.is(formatCount(28_231.6), "28,232");
});

test("a ratio keeps two digits after the point where these matter", (t) => {
  t.deepEqual([0.003, 1, 2.1, 9.996, 12.34, 1540.2].map(formatRatio), [
    "0.003x",
    "1.00x",
    "2.10x",
    "10.0x",
    "12.3x",
    "1,540x",
  ]);
});

test("p, spans and sizes", (t) => {
  t.deepEqual([0.0001, 0.031].map(formatP), ["p < 0.001", "p = 0.031"]);
  t.deepEqual([45, 250, 599.6, 1500, 3590, 3900, 7199].map(formatSpan), [
    "45 s",
    "4 min 10 s",
    "10 min",
    "25 min",
    "1 h",
    "1 h 5 min",
    "2 h",
  ]);
  t.deepEqual([97_727_283, 16_750_372_454].map(formatBytes), ["93.2 MiB", "15.6 GiB"]);
});
