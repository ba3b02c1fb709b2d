/** What is told of a generator that falls silent. */
import { mock } from "node:test";
import test from "ava";
import { watchSilence } from "../../../harness/experiment/watch-silence.ts";

test.serial("silence names k6, or what stands between it and here", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.teardown(() => mock.timers.reset());
  const told: string[] = [];
  let trouble: string | null = null;
  const begun = () => {
    const silence = watchSilence((detail) => void told.push(detail));
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
    "nothing came from k6 within 20 s: the script's init code may not end",
    "nothing came from k6 for 5 s",
    "nothing came from k6 for 5 s: the way to it is cut (nothing came for 3 s)",
  ]);
});
