/** Runs on a real cluster that are cut short before their first load, or lose what they stand on. */
import { readdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Document } from "yaml";
import { labelKeys } from "../../harness/testbeds/kubernetes/names.ts";
import { withoutNodeObserver, worldFor } from "../helpers/api-world.ts";
import { copyFixture, objectsOfRuns, startOnCluster, storedIn, underLoad } from "../helpers/cluster-runs.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(["cluster"], "SIGINT in the preflight: exit 130, nothing run, nothing left in the cluster", async (t) => {
  t.timeout(10 * 60_000);
  const world = await worldFor(t, withoutNodeObserver);
  const run = await startOnCluster(world, await copyFixture(world, { fixture: "pods" }));
  while ((await world.api.list("Lease", { labels: labelKeys.run })).length === 0) await wait(50);
  run.process.kill("SIGINT");
  const { exitCode, stderr } = await run.process;
  t.is(exitCode, 130, stderr);
  t.regex(stderr, /interrupted before anything was run/);
  t.deepEqual(await objectsOfRuns(world), []);
  t.deepEqual(readdirSync(run.out), []);
});

testNeeding(["cluster"], "a relay that is deleted ends the run after its trial, with what to do then", async (t) => {
  t.timeout(10 * 60_000);
  const world = await worldFor(t, withoutNodeObserver);
  const edit = (document: Document) => {
    document.setIn(["stop", "after"], "6s");
    document.set("blocks", 2);
  };
  const suite = await copyFixture(world, { fixture: "routes", edit });
  const run = await startOnCluster(world, suite, ["--profiles", "baseline"]);
  await underLoad(world, run, 1);
  const [relay] = await world.api.list("Pod", { labels: `${labelKeys.component}=relay` });
  await world.api.remove("Pod", relay?.metadata?.name ?? "");
  const { exitCode, stderr } = await run.process;
  t.is(exitCode, 4, stderr);
  t.regex(stderr, /the run can't go on: the relay's pod ended \(Deleted: it was deleted\)/);
  t.regex(stderr, /go on from here with: tunebench resume /);
  t.deepEqual(await objectsOfRuns(world), []);
  const { run: record, trials } = storedIn(run.out);
  t.is(record.ended?.reason, "failed");
  t.deepEqual(
    trials.map(({ valid }) => valid),
    [false],
    "no further trial is waited for",
  );
});
