/** What is told of a generator that falls silent. */
import { mock } from "node:test";
import test from "ava";
import { watchSilence } from "../../../harness/experiment/drive-load.ts";
import type { GeneratorDeath } from "../../../harness/results/stop-reason.ts";

test.serial("silence names k6, or what stands between it and here", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.teardown(() => mock.timers.reset());
  const told: GeneratorDeath[] = [];
  let trouble: string | null = null;
  const begun = () => {
    const silence = watchSilence((death) => void told.push(death));
    silence.begin({ received: () => 0, trouble: () => trouble });
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
