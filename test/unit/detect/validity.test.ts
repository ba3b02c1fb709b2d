import test from "ava";
import { summarizeTrial } from "../../../harness/detect/summarize.ts";
import type { TrialInput } from "../../../harness/detect/trial-input.ts";
import type { SysctlReading } from "../../../harness/results/trial.ts";
import { halves, well } from "./story.ts";

test("invalid, with the reason: lost exports, dead parts, a target that never served, blind spots", (t) => {
  const reason = (more: Partial<TrialInput>) => {
    const { valid, outcome, invalidReason } = summarizeTrial({ ...well, ...more });
    t.is(valid, invalidReason === null);
    t.is(outcome === "failed", !valid);
    return invalidReason;
  };
  t.deepEqual(reason({ exports: { received: 38, failed: 2 } }), { code: "exports-lost", lost: 2, exports: 40 });
  const death = { kind: "ended", exitCode: 1, signal: null } as const;
  const stop = { criterion: "upstream-died", atSeconds: 20, role: "db", death } as const;
  const dead = (...lines: string[]) => reason({ deaths: { db: lines }, stop });
  t.deepEqual(dead("x", "out of disk"), { code: "part-died", role: "db", lastLine: "out of disk" });
  t.deepEqual(dead(), { code: "part-died", role: "db", lastLine: null });
  const words = "db's pod ended under load: it was deleted";
  t.deepEqual(reason({ stop: { criterion: "part-lost", atSeconds: 20, words } }), { code: "part-lost", words });
  t.deepEqual(reason({ windows: halves(0, 20, 0, 1) }), { code: "no-request-completed" });
  const refused = [{ kind: "ECONNREFUSED", side: "target" as const, count: 10 }];
  const never = halves(0, 20, 10, 1, { faults: refused });
  const targetUrl = `http://${well.roles.target.address}:${well.roles.target.port}`;
  const instead = {
    code: "nothing-served",
    faults: [{ kind: "ECONNREFUSED", count: 10 * never.length }],
    targetUrl,
  } as const;
  t.deepEqual(reason({ windows: never }), { ...instead, asked: null });
  for (const [url, isTarget] of [
    [`${targetUrl}/a`, true],
    [`${targetUrl}0/`, false],
    ["http://localhost:3000/", false],
  ] as const) {
    const seen = {
      atMs: 90,
      kind: "response-seen",
      method: "GET",
      url,
      status: 0,
      error: "",
      body: null,
      characters: null,
    } as const;
    t.deepEqual(reason({ windows: never, events: [seen] }), { ...instead, asked: { url, isTarget } });
  }
  const blind = well.samples.filter(({ atMs }) => atMs < 8000 || atMs > 14000);
  t.deepEqual(reason({ samples: blind }), { code: "not-watched", seconds: 6.2, watcher: "harness" });
  const slept = (lastedMs: number) => [{ atMs: 8100, kind: "harness-stood-still", fromMs: 8000, lastedMs } as const];
  t.deepEqual(reason({ events: slept(60_000) }), { code: "not-watched", seconds: 60, watcher: "harness" });
  t.is(reason({ events: slept(4000) }), null);
  t.is(reason({}), null);
});

test("invalid: a setting that did not take, or changed under load; white space is no difference", (t) => {
  const key = "net.ipv4.ip_local_port_range";
  const reading: SysctlReading = {
    role: "target",
    key,
    asked: "1024 65535",
    before: "32768\t60999",
    effective: "1024\t65535",
    after: "1024\t65535",
    origin: "profile",
  };
  const reason = (more: Partial<SysctlReading>) =>
    summarizeTrial({ ...well, sysctls: [{ ...reading, ...more }] }).invalidReason;
  t.is(reason({}), null);
  const notTaken = { code: "setting-not-taken", role: "target", key, asked: "1024 65535" } as const;
  t.deepEqual(reason({ effective: "32768\t60999" }), { ...notTaken, found: "32768 60999" });
  t.deepEqual(reason({ effective: null }), { ...notTaken, found: null });
  const changed = { code: "setting-changed", role: "target", key, before: "1024 65535", after: "9 10" } as const;
  t.deepEqual(reason({ after: "9 10" }), changed);
  const unread = summarizeTrial({ ...well, sysctls: [{ ...reading, after: null }] });
  t.true(unread.valid);
  t.true(unread.caveats.some(({ code }) => code === "not-read-back"));
});

test("a script that throws: on failed requests what was measured stands, else it is the script's own", (t) => {
  const words = "TypeError: no id at load.js:7";
  const events = [{ atMs: 9000, kind: "script-error", words } as const];
  const failed = { faults: [{ kind: "HTTP 500", side: "target" as const, count: 10 }] };
  const timed = (windows: ReturnType<typeof halves>, count: number) =>
    windows.map((window) => ({
      ...window,
      iterationMs: { scale: 3, zeroCount: 0, offset: 0, counts: [count], count, sum: count, min: 1, max: 1 },
    }));
  const windows = [...timed(halves(0, 9, 100, 1), 100), ...timed(halves(9, 20, 100, 1, failed), 100)];
  const failures = windows.reduce((sum, { faults }) => sum + (faults[0]?.count ?? 0), 0);
  const iterations = 100 * windows.length;
  const of = (thrown: number, more: Partial<TrialInput> = {}) =>
    summarizeTrial({ ...well, windows, events, thrown, ...more });

  const guarded = of(failures);
  t.is(guarded.invalidReason, null);
  t.deepEqual(
    guarded.caveats.find(({ code }) => code === "script-threw"),
    { code: "script-threw", thrown: failures, iterations, words },
  );
  const thrown = failures + 1;
  t.deepEqual(of(thrown).invalidReason, { code: "script-threw", words, thrown, iterations });
  const always = timed(halves(0, 20, 100, 1, { faults: [{ kind: "HTTP 404", side: "target", count: 50 }] }), 50);
  const each = 50 * always.length;
  t.like(of(each, { windows: always }).invalidReason, { code: "script-threw", thrown: each });
  const nothing = timed(halves(0, 20, 50, 1, { faults: [{ kind: "HTTP 404", side: "target", count: 50 }] }), 50);
  t.like(of(each, { windows: nothing }).invalidReason, { code: "nothing-served" });
  t.is(of(0, { events: [] }).invalidReason, null);
});
