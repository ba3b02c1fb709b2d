import test from "ava";
import type { ClusterApi } from "../../../../../harness/testbeds/kubernetes/api/cluster-api.ts";
import type { ExportCounts } from "../../../../../harness/testbeds/kubernetes/runners/export-counts.ts";
import type { RelayFollow } from "../../../../../harness/testbeds/kubernetes/runners/relay-follow.ts";
import type { RunnerPod, RunnerPods } from "../../../../../harness/testbeds/kubernetes/runners/runner-pods.ts";
import { endRunners } from "../../../../../harness/testbeds/kubernetes/runners/runners-end.ts";

test("in a run that is lost nobody is told to end or counts any more: the runners are taken away at once", async (t) => {
  const runner: RunnerPod = { runner: 0, name: "generator-0", node: "one-node", began: true, end: null };
  const ended = Promise.withResolvers<void>();
  const did: string[] = [];
  const api = {
    remove: async (kind: string, name: string) => {
      did.push(`removed ${kind} ${name}`);
      runner.end = {
        exitCode: null,
        signal: null,
        reason: "Deleted",
        words: "it was deleted",
        node: "one-node",
        takenAway: true,
      };
      ended.resolve();
    },
  } as unknown as ClusterApi;
  const pods: RunnerPods = {
    seen: new Map([[0, runner]]),
    ended: ended.promise,
    lost: new Promise(() => {}),
    onChange: () => {},
    stop: () => {},
  };
  const counts: ExportCounts = {
    of: () => ({ sent: 7, received: 7 }),
    toldSince: async (_moment, withinMs) => {
      did.push(`waited ${withinMs} ms for the relay`);
      return false;
    },
    stop: () => {},
  };
  const relay: RelayFollow = {
    losses: () => [],
    trouble: () => null,
    stop: () => {},
    listen: () => () => {},
    takeUnauthenticated: () => 0,
  };
  const log = { onLine: () => {}, lastLines: () => [], close: async () => [], abandon: () => {} };
  const lost = AbortSignal.abort(new Error("the relay's pod ended"));
  const say = async () => void did.push("said on the Lease");
  const of = { api, relay, pods, log, counts, job: "job", trial: "001", count: 1, lossesBefore: 0, say, lost };
  const { losses, runners } = await endRunners(of).stop();
  t.deepEqual(did, ["said on the Lease", "removed Job job", "waited 0 ms for the relay"]);
  t.deepEqual(losses, [
    "the relay fell silent: its log brings nothing more",
    "runner 1 of 1 (pod generator-0 on one-node) ended before its time: Deleted: it was deleted",
  ]);
  t.like(runners[0], { runner: 0, exports: { sent: 7, received: 7 } });
});
