import { globSync } from "node:fs";
import test from "ava";
import { trySuite } from "../../../harness/experiment/try-suite.ts";
import { makePlan } from "../../../harness/plan/make-plan.ts";
import { loadSuite } from "../../../harness/suite/load-suite.ts";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { treeFile } from "../../helpers/cli.ts";

for (const path of globSync("scenarios/*/*.yaml", { cwd: treeFile() })) {
  test(`${path} is tried as one trial of its baseline, whatever its experiment is`, async (t) => {
    const suite = trySuite(await loadSuite(treeFile(path)));
    const plan = makePlan(suite, { seed: 1, memoryBytes: 8 * 2 ** 30 });
    t.deepEqual(plan.order, [{ sequence: 1, block: 1, profile: suite.baseline }]);
    t.deepEqual(suite.load.rate, { startPerSecond: 10, stages: [], repeats: false });
    t.is(suite.stop.afterMs, 3000);
  });
}

test("a load below the low rate keeps its own", (t) => {
  const text = `
name: slow
target: {command: [node, target.ts], port: 8080}
load: {script: load.ts, rate: 900/s}
stop: {after: 60s}
profiles: {baseline: {load: {rate: 2/s}}}
`;
  const { load, profiles } = trySuite(parseSuite(text, "/suite.yaml"));
  t.is(load.rate.startPerSecond, 2);
  t.is(load.virtualUsers, 6);
  t.is(profiles[0]?.load, null);
});
