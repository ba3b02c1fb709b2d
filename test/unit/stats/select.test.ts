import test from "ava";
import fc from "fast-check";
import { selectInPlace } from "../../../harness/stats/select.ts";

test("the value at a place of the sorted list, one after the other, ties and order no matter", (t) => {
  const lists = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 3 })), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(lists, fc.nat(), fc.nat(), (list, one, other) => {
      const sorted = Float64Array.from(list).sort();
      const values = Float64Array.from(list);
      return [one, other].every((place) => {
        const k = place % list.length;
        return selectInPlace(values, k) === sorted[k] || Object.is(selectInPlace(values, k), sorted[k]);
      });
    }),
  );
  t.pass();
});
