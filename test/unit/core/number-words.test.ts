import test from "ava";
import fc from "fast-check";
import { grouped, percentWords, rateWords } from "../../../harness/core/number-words.ts";

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

test("shares and rates in words", (t) => {
  t.is(percentWords(0.0512), "5.1%");
  t.is(rateWords(1400), "1,400/s");
  t.is(rateWords(12.46), "12.5/s");
});
