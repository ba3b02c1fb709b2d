/** Both engines against the same services, at home and in a cluster: the same is concluded, and every request is counted once. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { parse, stringify } from "yaml";
import { readSeries, type StoredRun } from "../../harness/results/read.ts";
import type { Load } from "../../harness/suite/suite.ts";
import { type ApiWorld, worldFor } from "../helpers/api-world.ts";
import { objectsOfRuns, runOnCluster, storedIn } from "../helpers/cluster-runs.ts";
import { askedOf, conclusionOf, type EngineCase, endsByItself, writeEngineSuite } from "../helpers/engine-suites.ts";
import { leftBehind } from "../helpers/left-behind.ts";
import { lendLocust } from "../helpers/locust-trial.ts";
import type { MachinePart } from "../helpers/machine-parts.ts";
import { ensureUp } from "../helpers/one-node.ts";
import { testNeeding } from "../helpers/parts.ts";
import { allowedKeys } from "../helpers/test-cluster.ts";
import { onlyRun, openWorld, runWhole } from "../helpers/whole-run.ts";

const engines: Load["engine"][] = ["k6", "locust"];

/** Where a run is, and what it needs there. */
const places: [string, MachinePart[], (t: ExecutionContext, of: EngineCase) => Promise<StoredRun>][] = [
  ["at home", ["namespaces", "locust"], atHome],
  ["in a cluster, by two runners", ["cluster", "locust"], inCluster],
];

/** What each profile comes to. */
const known: Record<EngineCase["scenario"], Record<string, string>> = {
  "port-exhaustion": { baseline: "broke", reuse: "held", backlog: "broke" },
  "keep-alive": { baseline: "held", reuse: "held", backlog: "held" },
};

for (const [place, parts, runAt] of places) {
  for (const scenario of ["port-exhaustion", "keep-alive"] as const) {
    testNeeding(parts, `${scenario} ${place}: the same conclusion by k6 and by Locust`, async (t) => {
      t.timeout(10 * 60_000);
      const runs: StoredRun[] = [];
      for (const engine of engines) runs.push(await runAt(t, { scenario, engine }));
      const [byK6, byLocust] = runs.map(conclusionOf);
      t.log(JSON.stringify(byK6), JSON.stringify(byLocust));
      t.deepEqual(byLocust, byK6);
      for (const { profile, outcome } of byK6 ?? [])
        t.true(outcome === known[scenario][profile], `${profile} ${outcome}`);
    });
  }
  testNeeding(parts, `${place} a load that ends by itself is counted to the request`, async (t) => {
    t.timeout(10 * 60_000);
    const edit: EngineCase["edit"] = (suite) => {
      suite.set("profiles", { baseline: {} });
      suite.set("retries", 0);
      suite.set("stop", { fault: { ratio: "1%", windows: 2 }, after: "30s" });
    };
    const stored = await runAt(t, { scenario: "keep-alive", engine: "locust", edit, locustfile: endsByItself });
    const [trial] = stored.trials;
    if (trial === undefined) throw new Error("no trial");
    t.like(trial, { valid: true, stoppedBy: { criterion: "load-ended" }, faults: [] });
    const requests = readSeries(stored.folder, trial).windows.reduce((sum, window) => sum + window.requests, 0);
    t.log(`${requests} requests`);
    t.true(requests > 3000);
    t.is(requests, askedOf(stored, trial));
  });
}

async function atHome(t: ExecutionContext, of: EngineCase): Promise<StoredRun> {
  const world = await openWorld(t);
  rmSync(world.suite, { recursive: true });
  writeEngineSuite(world.folder, of);
  await lendLocust(t, world);
  const { exitCode, stderr } = await runWhole(world);
  t.is(exitCode, 0, stderr);
  t.deepEqual(await leftBehind(world), []);
  return onlyRun(world);
}

/** Without the profile backlog, which costs a minute there. */
async function inCluster(t: ExecutionContext, of: EngineCase): Promise<StoredRun> {
  const world = await worldFor(t);
  if (world.own.isOneNode) await ensureUp(allowedKeys, { locust: true });
  const suite = writeEngineSuite(join(world.folder, of.engine), { ...of, load: { ...of.load, runners: 2 } });
  const args = of.edit === undefined ? ["--profiles", "baseline,reuse"] : [];
  const { exitCode, stderr, out } = await runOnCluster(world, suite, args, withUsualCpu(world));
  t.is(exitCode, 0, stderr);
  t.deepEqual(await objectsOfRuns(world), []);
  return storedIn(out);
}

/** The world's cluster file with what a runner is given unless told otherwise: a fiftieth of a CPU, as tests have it, is no 300 tasks a second. */
function withUsualCpu({ own, folder }: ApiWorld): string {
  const { runnerCpu: _, ...cluster } = parse(readFileSync(own.file, "utf8"));
  const file = join(folder, "cluster.yaml");
  writeFileSync(file, stringify(cluster));
  return file;
}
