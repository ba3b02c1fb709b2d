/** A harness that is killed under load, on a real cluster: what is left of its run, and who takes it away. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Document } from "yaml";
import { isRunId } from "../../harness/results/run-id.ts";
import { type ApiWorld, worldFor } from "../helpers/api-world.ts";
import { tunebench } from "../helpers/cli.ts";
import { copyFixture, objectsOfRuns, startOnCluster, underLoad } from "../helpers/cluster-runs.ts";
import { testNeeding } from "../helpers/parts.ts";
import { testCluster } from "../helpers/test-cluster.ts";

testNeeding(
  ["cluster"],
  "SIGKILL under load: the relay ends the run; clean takes the rest, and leaves a run under way",
  async (t) => {
    t.timeout(10 * 60_000);
    const world = await worldFor(t);
    const namespace = `${world.own.namespace}-killed`;
    t.teardown(() => world.own.kubectl(["delete", "namespace", namespace, "--wait=false", "--ignore-not-found"]));
    const { file } = await testCluster({ folder: join(world.folder, "killed"), changes: { namespace } });
    const lasting = (document: Document) => document.setIn(["stop", "after"], "300s");
    const suite = await copyFixture(world, { fixture: "pods", edit: lasting });
    const run = await startOnCluster(world, suite, ["--profiles", "baseline"], file);
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
