import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { portBar } from "../../../harness/report/progress/port-bar.ts";
import { createProgress } from "../../../harness/report/progress/progress.ts";
import type { InvalidReason } from "../../../harness/results/invalid-reason.ts";
import type { ProgressEvent } from "../../../harness/results/progress.ts";
import type { ScheduledTrial } from "../../../harness/results/run.ts";
import { isGolden } from "../../helpers/golden.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/report");

const whole = { upTo: false };

const notTaken: InvalidReason = {
  code: "setting-not-taken",
  role: "target",
  key: "net.ipv4.tcp_tw_reuse",
  asked: "1",
  found: "2",
};

const events: ProgressEvent[] = [
  {
    kind: "run-started",
    runId: "20261121T080225Z-x-3f9a",
    folder: "results/x",
    trials: 2,
    expectedSeconds: 120,
    ...whole,
    finished: 0,
    baselineOnly: false,
  },
  started(1, "baseline"),
  { kind: "trial-progress", sequence: 1, elapsedSeconds: 7.5, ratePerSecond: 2852, faults: 0, portUseRatio: 0.5 },
  { kind: "trial-progress", sequence: 1, elapsedSeconds: 35, ratePerSecond: 301, faults: 207, portUseRatio: 1 },
  { kind: "note", text: "the target said \u001B[2Jhello\nagain" },
  ended(1, "baseline", null),
  started(2, "reuse"),
  ended(2, "reuse", notTaken),
  { kind: "run-ended", reason: "done", valid: 1, of: 2 },
];

function started(sequence: number, profile: string, more: Partial<ScheduledTrial> = {}): ProgressEvent {
  const trial = {
    sequence,
    profile,
    block: 1,
    attempt: 1,
    purpose: "compare",
    step: null,
    find: null,
    ...more,
  } as const;
  return { kind: "trial-started", ...trial, ...whole, of: 2, beside: null, stopAfterSeconds: 75, leftSeconds: null };
}

function ended(sequence: number, profile: string, invalidReason: InvalidReason | null): ProgressEvent {
  const counts = { requests: 28_530, faults: 298, seconds: 36, step: null, search: null };
  return {
    kind: "trial-ended",
    sequence,
    ...whole,
    of: 2,
    profile,
    outcome: "broke",
    invalidReason,
    ...counts,
  };
}

test("a search's steps say their rate and what became of it, the last one what was found", (t) => {
  const step = {
    ratePerSecond: 1400,
    phase: "ramp",
    sequence: 1,
    kept: true,
    missed: [],
    generatorBound: false,
  } as const;
  const lost = { ...step, kept: false, missed: [{ code: "not-served", servedPerSecond: 900, askedPerSecond: 1400 }] };
  const search = { steps: [], sustainableRatePerSecond: 1400, lowerBound: true, caveats: [] };
  const list = [
    { ...ended(1, "reuse", null), step: { ...step, missed: [] } },
    { ...ended(2, "reuse", null), step: lost },
    { ...ended(3, "reuse", null), step: { ...lost, generatorBound: true } },
    { ...ended(4, "reuse", null), step: { ...step, missed: [] }, search },
  ] as ProgressEvent[];
  const counts = "28,530 requests, 298 faults in 36 s";
  t.deepEqual(play(false, list).written.trimEnd().split("\n"), [
    `trial 1/2 reuse 1,400/s kept: ${counts}`,
    `trial 2/2 reuse 1,400/s missed (served only 900/s of 1,400/s): ${counts}`,
    `trial 3/2 reuse 1,400/s missed by the generator's limit (served only 900/s of 1,400/s): ${counts}`,
    `trial 4/2 reuse 1,400/s kept: ${counts}; sustains at least 1,400/s`,
  ]);
});

/** What was written (with <ESC> for the escape character), and the screen as a terminal would show it: enough of one for cursor up and erase below. */
function play(isTTY: boolean, list = events, stepMs = 1000): { written: string; shown: string } {
  let written = "";
  let nowMs = 0;
  const write = (text: string) => {
    written += text.replaceAll("\u001B", "<ESC>");
  };
  const screen = { isTTY, width: 80, color: false, write };
  const progress = createProgress(screen, () => nowMs);
  for (const event of list) {
    progress.on(event);
    nowMs += stepMs;
  }
  progress.close();
  return { written, shown: terminalAfter(written) };
}

function terminalAfter(written: string): string {
  let lines: string[] = [];
  for (const part of written.split(/(?=<ESC>\[\d+A)/)) {
    const up = Number(/^<ESC>\[(\d+)A/.exec(part)?.[1] ?? 0);
    lines = up === 0 ? lines : lines.slice(0, lines.length - up);
    const text = part.replace(/^<ESC>\[\d+A\r<ESC>\[J/, "");
    lines.push(...text.split("\n").slice(0, -1));
  }
  return lines.join("\n");
}

test("without a terminal: a line for each event, no escape sequence", (t) => {
  const { written } = play(false);
  isGolden(t, written, join(fixtures, "progress-lines.golden.txt"));
  t.false(written.includes("<ESC>"));
});

test("a run that was resumed, may end early, repeats, searches and rechecks says so", (t) => {
  const open = { upTo: true, of: 44 };
  const step = { ratePerSecond: 400, phase: "ramp" } as const;
  const lines = play(false, [
    {
      kind: "run-started",
      runId: "x",
      folder: "r",
      trials: 44,
      upTo: true,
      finished: 3,
      baselineOnly: false,
      expectedSeconds: 90,
    },
    { ...started(4, "reuse", { attempt: 2 }), ...open } as ProgressEvent,
    { ...started(5, "reuse", { block: 2, purpose: "search", step }), ...open } as ProgressEvent,
    { ...started(6, "reuse", { block: 21, purpose: "recheck" }), ...open } as ProgressEvent,
  ]).written.split("\n");
  t.deepEqual(lines.slice(0, 4), [
    "run x: up to 44 trials, 3 of them here already, at most 1 min 30 s; results in r",
    "trial 4 of up to 44 reuse (block 1, again) started, at most 1 min 15 s",
    "trial 5 of up to 44 reuse (block 2, ramp 400/s) started, at most 1 min 15 s",
    "trial 6 of up to 44 reuse (block 21, recheck) started, at most 1 min 15 s",
  ]);
});

test("on a terminal the block is redrawn in place", (t) => {
  isGolden(t, play(true).written, join(fixtures, "progress-live.golden.txt"));
});

test("at the end only the lines that stay are left on the terminal", (t) => {
  const { shown } = play(true);
  t.notRegex(shown, /left in the run|\[#/);
  t.is(shown.split("\n").length, 5);
});

test("a live block that is closed in the middle of a trial is taken away", (t) => {
  t.notRegex(play(true, events.slice(0, 4)).shown, /trial 1 of 2/);
});

test("inside a trial it is redrawn at most four times a second", (t) => {
  const many: ProgressEvent[] = Array.from({ length: 100 }, (_, index) => ({
    kind: "trial-progress",
    sequence: 1,
    elapsedSeconds: index / 100,
    ratePerSecond: 3000,
    faults: 0,
    portUseRatio: 0.1,
  }));
  const { written } = play(true, [...events.slice(0, 2), ...many], 10);
  t.true(written.split("left in the run").length - 1 <= 6);
});

test("no line of the block reaches the screen's last column, however long the profile's name", (t) => {
  const long = events.map((event) => ("profile" in event ? { ...event, profile: "p".repeat(200) } : event));
  const lines = play(true, long.slice(1, 4)).written.split("\n");
  t.deepEqual(
    lines.map((line) => line.replace(/<ESC>\[\d*[AJ]|\r/g, "")).filter((line) => line.length >= 80),
    [],
  );
});

test("the bar fills with the ports in use and marks half and end", (t) => {
  t.is(portBar(0, 10), "[-----|-----]");
  t.is(portBar(0.5, 10), "[#####|-----]");
  t.is(portBar(1, 10), "[#####|#####]");
  fc.assert(
    fc.property(fc.double({ min: 0, max: 2, noNaN: true }), fc.integer({ min: 1, max: 60 }), (use, cells) => {
      t.is(portBar(use, cells).length, cells + 3);
    }),
  );
});
