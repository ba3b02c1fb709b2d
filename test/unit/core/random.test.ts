import test from "ava";
import { randomFrom, shuffled } from "../../../harness/core/random.ts";

test("the order of a seed never changes between versions", (t) => {
  const random = randomFrom(42);
  // mulberry32's published sequence for seed 42.
  t.deepEqual(
    [random(), random(), random()].map((value) => Math.round(value * 2 ** 32)),
    [2581720956, 1925393290, 3661312704],
  );
});

test("every order of a block is about equally likely", (t) => {
  const random = randomFrom(1);
  const seen = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = shuffled(["a", "b", "c"], random).join("");
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  t.is(seen.size, 6);
  // 1000 each is expected; 5 standard deviations are 144.
  t.true([...seen.values()].every((count) => Math.abs(count - 1000) < 150));
});
