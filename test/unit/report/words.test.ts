/** Sentences of what the records hold as codes and fields. */
import test from "ava";
import { assumptionWords } from "../../../harness/report/words/assumptions.ts";
import { invalidWords } from "../../../harness/report/words/invalid-reasons.ts";
import { k6EndWords } from "../../../harness/report/words/k6-end.ts";
import { missedWords } from "../../../harness/report/words/missed.ts";
import { otherCpuWords } from "../../../harness/report/words/other-cpu.ts";
import { runEndWords } from "../../../harness/report/words/run-end.ts";
import { stopWords } from "../../../harness/report/words/stop-reasons.ts";
import type { InvalidReason } from "../../../harness/results/invalid-reason.ts";
import type { StopReason } from "../../../harness/results/stop-reason.ts";

test("how k6 ended", (t) => {
  t.is(k6EndWords({ exitCode: 0, signal: null }), "ran to its end");
  t.is(k6EndWords({ exitCode: 105, signal: null }), "stopped by a signal");
  t.is(k6EndWords({ exitCode: 107, signal: null }), "the script threw an error");
  t.is(k6EndWords({ exitCode: 137, signal: null }), "killed by signal 9");
  t.is(k6EndWords({ exitCode: null, signal: "SIGKILL" }), "killed by SIGKILL");
  t.is(k6EndWords({ exitCode: 3, signal: null }), "k6 ended with the unknown exit code 3");
  t.is(k6EndWords({ exitCode: null, signal: null }), "gave no sign of its end");
});

const silent = { kind: "silent", seconds: 5, begun: true, trouble: null } as const;
const killed = { kind: "ended", exitCode: null, signal: "SIGKILL" } as const;

const atSeconds = 3;

const stops: [StopReason, string][] = [
  [
    { atSeconds, criterion: "fault", fault: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 },
    "EADDRNOTAVAIL in at least 1% of requests, 2 windows running",
  ],
  [
    { atSeconds, criterion: "fault", fault: null, ratio: 0.5, windows: 3 },
    "faults in at least 50% of requests, 3 windows running",
  ],
  [{ atSeconds, criterion: "requests", requests: 150_020 }, "150,020 requests"],
  [{ atSeconds, criterion: "after", afterMs: 75_000 }, "75 s since the first request"],
  [
    { atSeconds, criterion: "latency", quantile: "p50", aboveMs: 100, windows: 2 },
    "p50 above 100 ms, 2 windows running",
  ],
  [{ atSeconds, criterion: "cliff", beforePerSecond: 2850, afterPerSecond: 464 }, "scan cliff: 2,850/s fell to 464/s"],
  [
    { atSeconds, criterion: "decided", wallRequests: 28_232, windows: 10 },
    "twice the baseline's wall of 28,232 requests, its ports level 10 windows running",
  ],
  [{ atSeconds, criterion: "load-ended" }, "k6 ended by itself: ran to its end"],
  [{ atSeconds, criterion: "upstream-died", role: "db", death: killed }, "db ended (signal SIGKILL) while under load"],
  [
    { atSeconds, criterion: "target-died", role: "target-2", death: { kind: "ended", exitCode: 3, signal: null } },
    "target-2 ended (exit code 3) while under load",
  ],
  [{ atSeconds, criterion: "target-died", role: "target", death: { kind: "not-undone", words: "no" } }, "no"],
  [{ atSeconds, criterion: "part-lost", words: "the relay in front of db ended" }, "the relay in front of db ended"],
  [{ atSeconds, criterion: "generator-died", death: killed }, "k6 ended by itself: killed by SIGKILL"],
  [
    { atSeconds, criterion: "generator-died", death: { kind: "ended", engine: "locust", exitCode: 1, signal: null } },
    "Locust ended by itself: exit code 1",
  ],
  [{ atSeconds, criterion: "generator-died", death: silent }, "nothing came from k6 for 5 s"],
  [
    { atSeconds, criterion: "generator-died", death: { kind: "ended-early", seconds: 1.23, plannedSeconds: 10 } },
    "k6 ended by itself after 1.2 s of 10 s: its load was not the suite's",
  ],
  [
    { atSeconds, criterion: "generator-died", death: { kind: "unending", seconds: 72 } },
    "k6 had not ended 72 s after its start: the script's setup() or teardown() may not end",
  ],
  [
    { atSeconds, criterion: "generator-died", death: { ...silent, trouble: "nothing came for 3 s" } },
    "nothing came from k6 for 5 s: the way to it is cut (nothing came for 3 s)",
  ],
  [
    { atSeconds, criterion: "generator-died", death: { ...silent, seconds: 20, begun: false } },
    "nothing came from k6 within 20 s: the script's init code may not end",
  ],
];

test("what ended the load", (t) => {
  for (const [stop, words] of stops) t.is(stopWords(stop), words);
});

const key = "net.ipv4.ip_local_port_range";
const setting = { role: "target", key };
const runner = { runner: 1, runners: 3 };

const invalid: [InvalidReason, string][] = [
  [{ code: "script-threw", words: "Error: lost", thrown: 1, iterations: 0 }, "the script threw: Error: lost"],
  [
    { code: "script-threw", words: "Error: lost", thrown: 12, iterations: 30 },
    "the script threw: Error: lost (in 12 of 30 iterations)",
  ],
  [{ code: "generator-died", death: silent }, "nothing came from k6 for 5 s"],
  [{ code: "part-died", role: "db", lastLine: "out of disk" }, "db ended under load: out of disk"],
  [{ code: "part-died", role: "db", lastLine: null }, "db ended under load"],
  [
    { code: "part-lost", words: "db's pod ended under load: it was deleted" },
    "db's pod ended under load: it was deleted",
  ],
  [
    { code: "part-not-ready", role: "db", words: "db was not ready", hint: "look", lastLine: "warming up" },
    "db was not ready; look; it wrote: warming up",
  ],
  [
    { code: "part-not-ready", role: "db", words: "db was not ready", hint: null, lastLine: null },
    "db was not ready; it wrote nothing",
  ],
  [{ code: "moved", node: "b", blockNode: "a" }, "it ran on node b, the block's earlier trials on a"],
  [{ code: "exports-lost", lost: 2, exports: 40 }, "2 of 40 exports of the generator were lost"],
  [
    { code: "load-lost", loss: { kind: "runner-silent", ...runner }, more: 0 },
    "runner 2 of 3 fell silent: its share of the load is not known",
  ],
  [
    { code: "load-lost", loss: { kind: "runner-failed", ...runner, node: "b", exitCode: 137, signal: null }, more: 1 },
    "runner 2 of 3 on b: k6 ended with exit code 137 (killed by signal 9) (and 1 more of its kind)",
  ],
  [
    {
      code: "load-lost",
      loss: { kind: "runner-failed", ...runner, node: null, exitCode: null, signal: null },
      more: 0,
    },
    "runner 2 of 3: k6 gave no sign of its end",
  ],
  [{ code: "load-lost", loss: { kind: "testbed", words: "a gap" }, more: 2 }, "a gap (and 2 more of its kind)"],
  [
    { code: "setting-not-taken", ...setting, asked: "1024 65535", found: "32768 60999" },
    `${key} of target did not take: asked 1024 65535, found 32768 60999`,
  ],
  [
    { code: "setting-not-taken", ...setting, asked: "1024 65535", found: null },
    `${key} of target did not take: asked 1024 65535, found unreadable`,
  ],
  [
    { code: "setting-changed", ...setting, before: "1024 65535", after: "9 10" },
    `${key} of target changed during the trial: 1024 65535 before the load, 9 10 after`,
  ],
  [{ code: "no-request-completed" }, "no request was completed"],
  [
    { code: "nothing-served", faults: [], asked: null, targetUrl: "http://198.18.0.2:8080" },
    "the target never served a request",
  ],
  [
    {
      code: "nothing-served",
      faults: [{ kind: "HTTP 404", count: 171 }],
      asked: { url: "http://198.18.0.2:8080/api", isTarget: true },
      targetUrl: "http://198.18.0.2:8080",
    },
    "the target never served a request: HTTP 404 x 171; asked was http://198.18.0.2:8080/api",
  ],
  [
    {
      code: "nothing-served",
      faults: [
        { kind: "ECONNREFUSED", count: 30 },
        { kind: "EOF", count: 2 },
      ],
      asked: { url: "http://localhost:3000/", isTarget: false },
      targetUrl: "http://198.18.0.2:8080",
    },
    "the target never served a request: ECONNREFUSED x 30, EOF x 2; asked was http://localhost:3000/, which is not the target: __ENV.TARGET_URL is (http://198.18.0.2:8080)",
  ],
  [
    { code: "not-watched", seconds: 6.2, watcher: "harness" },
    "the target was not watched for 6.2 s of the load: the harness was held up",
  ],
  [
    { code: "not-watched", seconds: 6.2, watcher: "sampler" },
    "the target was not watched for 6.2 s of the load: its sampler, or what it told, was held up",
  ],
];

test("why a trial is invalid", (t) => {
  for (const [reason, words] of invalid) t.is(invalidWords(reason), words);
  t.is(invalidWords(null), "no reason was recorded");
});

test("what a search's step missed", (t) => {
  const goal = { code: "goal", measure: "latencyMs.p99", comparison: "<=", limit: 50 } as const;
  t.is(missedWords([]), "");
  t.is(
    missedWords([
      { code: "broke", fault: "EADDRNOTAVAIL" },
      { ...goal, value: 312.4 },
    ]),
    "broke with EADDRNOTAVAIL; p99 latency was 312 ms, the goal is <= 50 ms",
  );
  t.is(missedWords([{ ...goal, value: null }]), "p99 latency could not be measured");
  t.is(
    missedWords([{ code: "not-served", servedPerSecond: 470.4, askedPerSecond: 1000 }]),
    "served only 470/s of 1,000/s",
  );
  t.is(
    missedWords([{ code: "not-served", servedPerSecond: null, askedPerSecond: 1000 }]),
    "what was served after the ramp could not be measured",
  );
  t.is(missedWords([{ code: "cut-short", stop: null }]), "the load did not run to its end");
  const stop = { criterion: "latency", atSeconds: 3, quantile: "p99", aboveMs: 90, windows: 2 } as const;
  t.is(missedWords([{ code: "cut-short", stop }]), "stopped early: p99 above 90 ms, 2 windows running");
});

test("why a run ended before the end of its plan", (t) => {
  const enough = { code: "enough", blocks: 8, mostBlocks: 20, comparisons: 2 } as const;
  t.is(runEndWords([]), "");
  t.is(runEndWords([{ ...enough, decided: 2 }]), "after 8 of at most 20 blocks 2 of 2 comparisons are decided");
  t.is(
    runEndWords([{ ...enough, decided: 1 }, { code: "no-recheck" }]),
    "after 8 of at most 20 blocks 1 of 2 comparisons are decided and 1 can't be, not with 20 blocks either; " +
      "no confirmation run, since no profile is better than the baseline",
  );
  t.is(runEndWords([{ code: "error", words: "the disk is full" }]), "the disk is full");
});

test("what a prediction rests on", (t) => {
  t.regex(assumptionWords({ code: "even-spread", copies: 3 }), /evenly over 3 copies/);
  t.regex(assumptionWords({ code: "ports-reused", afterMs: 1000 }), /taken again after 1,?000 ms/);
  t.regex(assumptionWords({ code: "node-memory", moreThanGibibytes: 4 }), /more than 4 GiB/);
});

test("CPU that others used", (t) => {
  t.is(
    otherCpuWords({ cpus: 2, share: 0.4, peakShare: 0.7, windows: 20, disturbedWindows: 12 }),
    "programs outside the run used over a tenth of the 2 CPUs in 12 of 20 windows (0.8 CPUs on average, 1.4 at most)",
  );
});
