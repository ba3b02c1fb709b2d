import test from "ava";
import fc from "fast-check";
import {
  formatChosen,
  formatQuantity,
  parseDurationMs,
  parseRatePerSecond,
  parseRatio,
  type Unit,
  units,
} from "../../../harness/core/units.ts";

test("quantities need their unit", (t) => {
  t.is(parseRatePerSecond("3000/s"), 3000);
  for (const text of ["3000", "0/s", "-1/s", "1.5/s", "3000/m", " 1/s", "1/s\n"])
    t.is(parseRatePerSecond(text), null, text);
  t.is(parseDurationMs("500ms"), 500);
  t.is(parseDurationMs("60s"), 60_000);
  t.is(parseDurationMs("1.5s"), 1500);
  t.is(parseDurationMs("2m"), 120_000);
  for (const text of ["60", "0s", "1h", "-1s", "1441m", "0.1ms", "s", "1 s"]) t.is(parseDurationMs(text), null, text);
});

test("a share is a per cent or a fraction, and 1 is neither", (t) => {
  t.is(parseRatio("5%"), 0.05);
  t.is(parseRatio(0.05), 0.05);
  t.is(parseRatio("100%"), 1);
  for (const share of [1, 0, 5, -0.1, Number.NaN, "0%", "101%", "5", "%"]) t.is(parseRatio(share), null, String(share));
});

test("what is written with a unit is read as that many", (t) => {
  const whole = fc.integer({ min: 1, max: 80_000 });
  fc.assert(fc.property(whole, (n) => parseDurationMs(`${n}ms`) === n && parseDurationMs(`${n}s`) === n * 1000));
  fc.assert(fc.property(whole, (n) => parseRatePerSecond(`${n}/s`) === n));
  t.pass();
});

test("a number is written with its unit, the same way wherever it stands", (t) => {
  const written: [number, Unit, string][] = [
    [0.62, "ms", "0.62 ms"],
    [7400, "ms", "7,400 ms"],
    [7.54, "s", "7.5 s"],
    [2998.3, "1/s", "2,998/s"],
    [12.46, "1/s", "12.5/s"],
    [0.998, "fraction", "99.8%"],
    [0.0004, "fraction", "0.04%"],
    [28_232, "count", "28,232"],
  ];
  for (const [value, unit, text] of written) t.is(formatQuantity(value, unit), text);
});

test("what somebody chose loses no digit", (t) => {
  t.is(formatChosen(490.5, "1/s"), "490.5/s");
  t.is(formatChosen(0.1225, "fraction"), "12.25%");
  t.is(formatChosen(2.25, "s"), "2.25 s");
  t.is(formatChosen(1500, "ms"), "1,500 ms");
});

test("a unit reads the examples that its messages give, and what it wrote itself", (t) => {
  for (const { examples, parse } of Object.values(units)) for (const text of examples) t.not(parse(text), null, text);
  const whole = fc.integer({ min: 1, max: 80_000 });
  for (const unit of ["ms", "s", "1/s", "count"] as const) {
    fc.assert(fc.property(whole, (n) => units[unit].parse(formatChosen(n, unit).replace(/[, ]/g, "")) === n));
  }
  t.is(units.fraction.parse(formatChosen(0.1225, "fraction")), 0.1225);
  for (const { parse } of Object.values(units))
    for (const text of ["", "-1", "many", "1 h"]) t.is(parse(text), null, text);
});
