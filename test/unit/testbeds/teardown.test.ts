import test from "ava";
import { createTeardown } from "../../../harness/testbeds/teardown.ts";

test("steps are undone in reverse, each whatever became of the others, and once", async (t) => {
  const done: string[] = [];
  const teardown = createTeardown();
  teardown.add("first", () => void done.push("first"));
  teardown.add("second", () => {
    throw new Error("busy");
  });
  teardown.add("third", async () => void done.push("third"));
  t.deepEqual(await teardown.run(), ["second: busy"]);
  t.deepEqual(done, ["third", "first"]);
  t.deepEqual(await teardown.run(), []);
  t.deepEqual(done, ["third", "first"]);
});

test("a step that is registered while others are undone is undone too", async (t) => {
  const done: string[] = [];
  const teardown = createTeardown();
  teardown.add("outer", () => teardown.add("inner", () => void done.push("inner")));
  await teardown.run();
  t.deepEqual(done, ["inner"]);
});

test("what goes on after all was undone makes nothing more: a step can't be registered", async (t) => {
  const teardown = createTeardown();
  await teardown.run();
  t.throws(() => teardown.add("late", () => {}), { message: /late: all was taken away already/ });
});
