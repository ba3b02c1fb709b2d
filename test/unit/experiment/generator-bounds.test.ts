/** What is told of a generator that falls silent, or does not end. */
import { mock } from "node:test";
import test from "ava";
import { watchBounds } from "../../../harness/experiment/generator-bounds.ts";
import type { GeneratorDeath } from "../../../harness/results/stop-reason.ts";

test.serial("silence names k6, or what stands between it and here", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.teardown(() => mock.timers.reset());
  const told: GeneratorDeath[] = [];
  let trouble: string | null = null;
  const begun = () => {
    const silence = watchBounds((death) => void told.push(death));
    silence.begin({ received: () => 0, trouble: () => trouble, longestMs: 1_000_000 });
    return silence;
  };
  begun();
  mock.timers.tick(20_000);
  begun().heard();
  mock.timers.tick(5000);
  trouble = "nothing came for 3 s";
  begun().heard();
  mock.timers.tick(5000);
  const over = begun();
  over.end();
  mock.timers.tick(60_000);
  t.deepEqual(told, [
    { kind: "silent", seconds: 20, begun: false, trouble: null },
    { kind: "silent", seconds: 5, begun: true, trouble: null },
    { kind: "silent", seconds: 5, begun: true, trouble: "nothing came for 3 s" },
  ]);
});

test.serial("while the harness stands still k6 is not silent", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.teardown(() => mock.timers.reset());
  const told: GeneratorDeath[] = [];
  const bounds = watchBounds((death) => void told.push(death));
  bounds.begin({ received: () => 0, trouble: () => null, longestMs: 1_000_000 });
  bounds.heard();
  mock.timers.tick(4900);
  bounds.stoodStill();
  mock.timers.tick(4900);
  t.deepEqual(told, []);
  mock.timers.tick(100);
  t.deepEqual(told, [{ kind: "silent", seconds: 5, begun: true, trouble: null }]);
});

test.serial("a setup() that does not end, and one that exports all the while, meet the bound", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.teardown(() => mock.timers.reset());
  const told: GeneratorDeath[] = [];
  const bounds = watchBounds((death) => void told.push(death));
  bounds.begin({ received: () => 3, trouble: () => null, longestMs: 72_000 });
  mock.timers.tick(71_999);
  t.deepEqual(told, []);
  mock.timers.tick(1);
  t.deepEqual(told, [{ kind: "unending", seconds: 72 }]);
});
