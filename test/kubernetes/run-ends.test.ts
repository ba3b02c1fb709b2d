/** Runs on a real cluster that end before their time: what is left of them, and who takes it away. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isRunId } from "../../harness/results/run-id.ts";
import { type ApiWorld, worldFor } from "../helpers/api-world.ts";
import { tunebench } from "../helpers/cli.ts";
import {
  copyFixture,
  objectsOfRuns,
  startCommand,
  startOnCluster,
  storedIn,
  underLoad,
} from "../helpers/cluster-runs.ts";
import { testNeeding } from "../helpers/parts.ts";
import { testCluster } from "../helpers/test-cluster.ts";

async function podsFor(world: ApiWorld, after: string): Promise<string> {
  return await copyFixture(world, { fixture: "pods", edit: (document) => document.setIn(["stop", "after"], after) });
}

testNeeding(
  ["cluster"],
  "SIGINT under load: exit 130, nothing left, what was finished is kept; resume completes it",
  async (t) => {
    t.timeout(10 * 60_000);
    const world = await worldFor(t);
    const run = await startOnCluster(world, await podsFor(world, "4s"));
    await underLoad(world, run, 2);
    run.process.kill("SIGINT");
    const { exitCode, stderr } = await run.process;
    t.is(exitCode, 130, stderr);
    t.deepEqual(await objectsOfRuns(world), []);
    const cut = storedIn(run.out);
    t.is(cut.run.ended?.reason, "interrupted");
    t.is(cut.trials.length, 1);
    const resumed = await startCommand(world, ["resume", "latest", "--results", run.out]);
    t.is(resumed.exitCode, 0, resumed.stderr);
    const { run: record, trials } = storedIn(run.out);
    t.is(record.ended?.reason, "done");
    t.deepEqual(
      trials.map(({ profile, valid }) => ({ profile, valid })),
      record.order.map(({ profile }) => ({ profile, valid: true })),
    );
    t.deepEqual(trials[0], cut.trials[0]);
    t.deepEqual(await objectsOfRuns(world), []);
  },
);

testNeeding(
  ["cluster"],
  "SIGKILL under load: the relay ends the run; clean takes the rest, and leaves a run under way",
  async (t) => {
    t.timeout(10 * 60_000);
    const world = await worldFor(t);
    const namespace = `${world.own.namespace}-killed`;
    t.teardown(() => world.own.kubectl(["delete", "namespace", namespace, "--wait=false", "--ignore-not-found"]));
    const { file } = await testCluster({ folder: join(world.folder, "killed"), changes: { namespace } });
    const run = await startOnCluster(world, await podsFor(world, "300s"), ["--profiles", "baseline"], file);
    await underLoad(world, run, 1, namespace);
    const clean = () => tunebench(["clean", "--cluster", file, "--results", run.out]);
    const early = await clean();
    t.is(early.exitCode, 0, early.stderr);
    t.is(early.stdout, "");
    t.regex(early.stderr, new RegExp(`^tb-\\S+ in ${namespace} is under way: left as it is$`, "m"));

    run.process.kill("SIGKILL");
    await run.process;
    t.true((await objectsOfRuns(world, namespace)).length > 5, "nobody was there to take it away");
    await untilGone(world, namespace, 90_000);

    const first = await clean();
    t.is(first.exitCode, 0, first.stderr);
    t.true(first.stdout.split("\n").includes(`Namespace ${namespace}`), first.stdout);
    const [id = ""] = readdirSync(run.out).filter(isRunId);
    t.false(existsSync(join(run.out, id, ".running")));
    await world.own.kubectl(["wait", "--for=delete", `namespace/${namespace}`, "--timeout=60s"]);
    const second = await clean();
    t.is(second.exitCode, 0, second.stderr);
    t.is(second.stdout, "");
    t.regex(second.stderr, /^nothing to clean$/m);
  },
);

/** The relay deletes the run's owner 30 s after its Lease went stale; the cluster's garbage collection the rest. */
async function untilGone(world: ApiWorld, namespace: string, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  for (;;) {
    const left = await objectsOfRuns(world, namespace);
    if (left.length === 0) return;
    if (performance.now() > until) throw new Error(`still there: ${left.join(", ")}`);
    await wait(500);
  }
}
