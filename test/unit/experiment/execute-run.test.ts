import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "ava";
import { IncompleteError } from "../../../harness/core/errors.ts";
import type { Scope } from "../../../harness/core/scope.ts";
import { type ExecuteResult, executeRun } from "../../../harness/experiment/execute-run.ts";
import { outcomesOf } from "../../../harness/experiment/schedule.ts";
import { sealedJson } from "../../../harness/results/checksum.ts";
import type { ProgressEvent } from "../../../harness/results/progress.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { PartFailure } from "../../../harness/testbeds/failures.ts";
import type { RunBed, TrialBed } from "../../../harness/testbeds/testbed.ts";
import { clusterPlatform } from "../../helpers/record-parts.ts";
import { profileOf, suiteOf } from "../../helpers/suites.ts";
import { runRecord, trialRecord } from "../../helpers/trial-builder.ts";

interface Story {
  begin?: (runId: string, scope: Scope) => Promise<void>;
  open: RunBed["open"];
  events?: ProgressEvent[];
  abort?: AbortController;
  /** Stored before. */
  trials?: TrialRecord[];
  disturbedRetries?: number;
}

/** A run of one block over baseline and reuse on a testbed whose trials never open. */
async function runIn({
  begin,
  open,
  events = [],
  abort = new AbortController(),
  trials = [],
  disturbedRetries = 0,
}: Story): Promise<ExecuteResult> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-execute-"));
  try {
    return await executeRun({
      open: { folder, run: runRecord({ blocks: 1, disturbedRetries }), trials, scriptFile: "/nowhere" },
      suite: suiteOf(),
      profiles: [profileOf(), profileOf({ name: "reuse" })],
      expectedSeconds: 1,
      testbed: {
        describe: () => ({
          kind: "kubernetes",
          rootless: true,
          kubernetes: null,
          containers: null,
          route: "pod-sysctls",
          engine: "k6",
        }),
        preflight: async () => {},
        refused: async () => [],
        begin: async (runId, scope) => {
          await begin?.(runId, scope);
          return { open };
        },
      },
      judge: { enough: () => null, winner: () => null },
      listener: { on: (event) => void events.push(event), close: () => {} },
      abort: abort.signal,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const neverReady: RunBed["open"] = async () => {
  throw new PartFailure("target", "was not ready", []);
};

test("a finished trial that was written anew meanwhile, sealed as ours, is told at the run's end", async (t) => {
  const { failure, run, trials } = await runIn({
    open: async ({ trial, logFolder }, scope) => {
      const first = join(dirname(logFolder), "001-b1-baseline", "trial.json");
      if (trial.sequence > 1) writeFileSync(first, sealedJson({ ...trialRecord(), requests: 1_000_000 }));
      return neverReady({} as never, scope);
    },
  });
  t.is(trials.length, 2);
  t.true(failure instanceof IncompleteError);
  t.deepEqual(run.caveats.at(-1), { code: "records-changed", files: ["trials/001-b1-baseline/trial.json"] });
});

test("a trial whose parts can't be placed is stored as failed, and what it left is undone", async (t) => {
  const undone: number[] = [];
  const { trials, notUndone, run } = await runIn({
    open: async ({ trial }, scope) => {
      scope.defer("the pods", () => void undone.push(trial.sequence));
      return neverReady({} as never, scope);
    },
  });
  t.is(trials.length, 2);
  for (const trial of trials) {
    t.like(trial, { valid: false, outcome: "failed", requests: 0, loadSeconds: 0, stoppedBy: null });
  }
  t.deepEqual(undone, [1, 2]);
  t.deepEqual(notUndone, []);
  t.deepEqual(outcomesOf(run, trials), { places: 2, without: 2 });
});

test("what the trials share is set up once and undone at the end, before the run is told to be over", async (t) => {
  const told: string[] = [];
  const events: ProgressEvent[] = [];
  const { run } = await runIn({
    events,
    begin: async (runId, scope) => {
      told.push(`begin ${runId}`);
      scope.defer("the owner", () => void told.push(`undone after ${events.at(-1)?.kind}`));
    },
    open: async () => {
      told.push("open");
      throw new PartFailure("target", "was not ready", []);
    },
  });
  t.deepEqual(told, [`begin ${run.id}`, "open", "open", "undone after trial-ended"]);
  t.is(events.at(-1)?.kind, "run-ended");
});

test("Ctrl-C while what the trials share is set up: it is taken away at once, however far it has come", async (t) => {
  const abort = new AbortController();
  const told: string[] = [];
  const { run, trials, failure } = await runIn({
    abort,
    begin: async (_, scope) => {
      scope.defer("the owner", () => void told.push("undone"));
      abort.abort();
      await new Promise(() => {});
    },
    open: neverReady,
  });
  t.deepEqual(told, ["undone"]);
  t.is(run.ended?.reason, "interrupted");
  t.deepEqual([trials.length, failure], [0, null]);
});

test("what can't be undone is told, also where the run failed or could not begin", async (t) => {
  const stuck = async (_: string, scope: Scope) => {
    scope.defer("delete the owner", () => {
      throw new Error("the API server is gone");
    });
  };
  const { notUndone, trials } = await runIn({ begin: stuck, open: neverReady });
  t.is(trials.length, 2);
  t.deepEqual(notUndone, ["delete the owner: the API server is gone"]);

  const unbegun = await runIn({
    begin: async (runId, scope) => {
      await stuck(runId, scope);
      throw new PartFailure("relay", "did not start", []);
    },
    open: neverReady,
  });
  t.deepEqual(unbegun.notUndone, ["delete the owner: the API server is gone"]);
  t.is(unbegun.failure?.message, "relay did not start (it wrote nothing)");
  t.is(unbegun.run.ended?.reason, "failed");
  t.is(unbegun.trials.length, 0);
});

test("an interrupted run undoes what its trials shared", async (t) => {
  const abort = new AbortController();
  const undone: string[] = [];
  const { run, trials } = await runIn({
    abort,
    begin: async (_, scope) => scope.defer("the owner", () => void undone.push("the owner")),
    open: (_, scope) => {
      scope.defer("the pods", () => void undone.push("the pods"));
      abort.abort();
      return new Promise(() => {});
    },
  });
  t.deepEqual(undone, ["the pods", "the owner"]);
  t.is(trials.length, 0);
  t.is(run.ended?.reason, "interrupted");
});

test("a trial is bound to its block's node; one that came to another is invalid, says so, and drives no load", async (t) => {
  const bound: (string | null)[] = [];
  const part = { role: "target", ended: new Promise(() => {}), lastLines: () => [] };
  const { trials } = await runIn({
    trials: [trialRecord({ platform: clusterPlatform({ node: "node-a" }) })],
    open: async ({ node }) => {
      bound.push(node);
      return { platform: () => clusterPlatform({ node: "node-z" }), start: async () => part } as unknown as TrialBed;
    },
  });
  t.deepEqual(bound, ["node-a"]);
  t.like(trials[1], {
    profile: "reuse",
    valid: false,
    invalidReason: { code: "moved", node: "node-z", blockNode: "node-a" },
    platform: { node: "node-z" },
    requests: 0,
  });
});

test("a trial that others disturbed is run again, and why is told before it begins", async (t) => {
  const otherCpu = { cpus: 2, share: 0.4, peakShare: 0.7, windows: 20, disturbedWindows: 12 };
  const events: ProgressEvent[] = [];
  const { run, trials } = await runIn({
    events,
    disturbedRetries: 1,
    trials: [
      trialRecord({ sequence: 1, profile: "baseline", evidence: { otherCpu } }),
      trialRecord({ sequence: 2, profile: "reuse" }),
    ],
    open: async () => {
      throw new PartFailure("target", "was not ready", []);
    },
  });
  t.deepEqual(
    events.slice(1).map(({ kind }) => kind),
    ["disturbed-again", "trial-started", "trial-ended", "run-ended"],
  );
  t.deepEqual(events[1], { kind: "disturbed-again", profile: "baseline", block: 1, otherCpu });
  t.like(trials.at(-1), { sequence: 3, profile: "baseline", attempt: 2, valid: false });
  t.deepEqual(outcomesOf(run, trials), { places: 2, without: 0 });
});
