import test from "ava";
import { caveatKey, caveatKind, distinctCaveats } from "../../../harness/results/caveat-keys.ts";
import type { Caveat } from "../../../harness/results/caveats.ts";

const wall = (profile: string, seconds: number, stopSeconds = 75): Caveat => ({
  code: "stop-before-wall",
  stopRequests: null,
  stopSeconds,
  walls: [{ profile, requests: 28_232, seconds }],
});

test("of one kind are caveats that differ in their numbers only, however deep they stand", (t) => {
  t.is(caveatKind(wall("reuse", 11.5)), caveatKind(wall("reuse", 12, 80)));
  t.not(caveatKind(wall("reuse", 11.5)), caveatKind(wall("reuse-2", 11.5)), "a number in a name is no number");
  t.not(caveatKind({ code: "bursts" }), caveatKind({ code: "ramp-not-over" }));
  t.not(caveatKind({ ...wall("reuse", 1), stopRequests: 9 } as Caveat), caveatKind(wall("reuse", 1)));
});

test("the same are those that are equal in all fields, in whatever order these were written", (t) => {
  t.is(
    caveatKey({ code: "log-lost", role: "db", words: "full" }),
    caveatKey({ words: "full", role: "db", code: "log-lost" }),
  );
  t.not(caveatKey(wall("reuse", 11.5)), caveatKey(wall("reuse", 11.6)));
  t.deepEqual(distinctCaveats([wall("a", 1), wall("b", 1), wall("a", 1)]), [wall("a", 1), wall("b", 1)]);
});
