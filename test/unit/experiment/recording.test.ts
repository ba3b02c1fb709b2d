import test from "ava";
import { createRecording, secondsIntoLoad } from "../../../harness/experiment/recording.ts";
import { noScriptCounts } from "../../../harness/results/script-counts.ts";
import type { Window } from "../../../harness/results/window.ts";

const window = (startMs: number, requests: number): Window => ({
  startMs,
  endMs: startMs + 500,
  requests,
  faults: [],
  latencyMs: null,
  iterationMs: null,
  droppedIterations: 0,
  script: noScriptCounts,
  thresholds: [],
  virtualUsers: 1,
});

test("the load begins with the first window that completed a request", (t) => {
  const recording = createRecording();
  t.is(secondsIntoLoad(recording), 0);
  recording.windows.push(window(-2000, 1));
  t.true(secondsIntoLoad(recording) >= 2);
});

test("what the parts do when all is taken away is no part of the trial", (t) => {
  const recording = createRecording();
  recording.event({ kind: "load-started", runners: null });
  recording.end();
  recording.event({ kind: "part-died", role: "target", death: { kind: "ended", exitCode: null, signal: "SIGKILL" } });
  t.deepEqual(
    recording.events.map(({ kind }) => kind),
    ["load-started"],
  );
});

test("samples of several samplers stand in the order of their time", (t) => {
  const recording = createRecording();
  for (const atMs of [300, 100, 200])
    recording.sample({ kind: "sockets", atMs, role: "target", timeWait: 0, inUse: 0 });
  recording.end();
  t.deepEqual(
    recording.samples.map(({ atMs }) => atMs),
    [100, 200, 300],
  );
});
