import test from "ava";
import { summarizeTrial } from "../../../harness/detect/summarize.ts";
import type { TrialInput } from "../../../harness/detect/trial-input.ts";
import { equalLatencies, halves, well } from "./story.ts";

const ended = { iterationMs: equalLatencies(0.8, 1500) };

const hung = (
  silence: ReturnType<typeof halves>,
  more: Partial<TrialInput> = {},
  before: Parameters<typeof halves>[4] = ended,
) =>
  summarizeTrial({
    ...well,
    ...more,
    windows: [...halves(0, 10, 1500, 0.7, before), ...silence],
    stop: { criterion: "after", atSeconds: 14, afterMs: 14000 },
    loadEndMs: 14_000,
  });

test("a service that never answers again has broken when it fell silent", (t) => {
  const { outcome, valid, fault, measures, caveats } = hung(halves(10, 14, 0, 1, { dropped: 1500 }));
  t.deepEqual({ outcome, valid }, { outcome: "broke", valid: true });
  t.deepEqual(fault, { kind: "NO_ANSWER", side: "target", firstSeconds: 10, seenIn: "silence", inferred: false });
  t.is(measures.requestsBeforeWall, 30_000);
  t.is(measures.timeToWallSeconds, 10);
  t.deepEqual(
    caveats.find(({ code }) => code === "no-answer"),
    { code: "no-answer", seconds: 4 },
  );
});

test("what is seen while the harness stands still is no wall, and is said", (t) => {
  const events = [{ atMs: 14_000, kind: "harness-stood-still", fromMs: 9800, lastedMs: 4200 } as const];
  const { outcome, valid, fault, measures, caveats } = hung(halves(10, 14, 0, 1, { dropped: 1500 }), { events });
  t.deepEqual({ outcome, valid, fault }, { outcome: "held", valid: true, fault: null });
  t.is(measures.sustainedPerSecond, 3000, "and no rate is taken from it");
  t.deepEqual(
    caveats.find(({ code }) => code === "harness-stood-still"),
    { code: "harness-stood-still", times: 1, ms: 4200 },
  );
});

test("a short silence, or one in which nothing was asked, is no wall", (t) => {
  const short = [...halves(10, 12.5, 1500, 0.7), ...halves(12.5, 14, 0, 1, { dropped: 1500 })];
  t.is(hung(short).fault, null);
  t.is(hung(halves(10, 14, 0, 1)).fault, null);
  const recovered = [...halves(10, 13, 0, 1, { dropped: 1500 }), ...halves(13, 14, 1500, 0.7)];
  t.is(hung(recovered).fault, null);
});

test("users that the script itself holds wait for nobody", (t) => {
  const faultOf = (before: Parameters<typeof halves>[4]) =>
    hung(halves(10, 14, 0, 1, { dropped: 1500 }), {}, before).fault;
  t.is(faultOf({ iterationMs: equalLatencies(30_000, 1) }), null, "it sleeps for longer than the silence");
  t.is(faultOf({}), null, "it had its answers, and none of its iterations ended");
  t.is(faultOf({ iterationMs: equalLatencies(3000, 1500) })?.kind, "NO_ANSWER");
});
