import test from "ava";
import fc from "fast-check";
import { parseDurationMs, parseRatePerSecond, parseRatio } from "../../../harness/core/units.ts";

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
