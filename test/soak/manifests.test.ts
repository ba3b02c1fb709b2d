/** Manifests of ten kinds on a real cluster, each whole: read in test/unit/testbeds/kubernetes/manifest/kinds.test.ts. */
import { worldFor } from "../helpers/api-world.ts";
import { copyFixture, objectsOfRuns, runOnCluster, storedIn } from "../helpers/cluster-runs.ts";
import { heldButFor } from "../helpers/held.ts";
import { manifestCases, partsOfCase } from "../helpers/manifest-cases.ts";
import { testNeeding } from "../helpers/parts.ts";

for (const one of manifestCases) {
  testNeeding(["cluster"], `${one.name} serves, and has the settings that are its own`, async (t) => {
    t.timeout(5 * 60_000);
    const world = await worldFor(t);
    const suite = await copyFixture(world, {
      fixture: "manifests",
      edit: (document) => {
        for (const [section, parts] of Object.entries(partsOfCase(one))) document.setIn([section], parts);
      },
    });
    const { exitCode, stderr, out } = await runOnCluster(world, suite);
    t.is(exitCode, 0, stderr);
    for (const words of one.said) t.regex(stderr, words);
    const [trial] = storedIn(out).trials;
    t.like(trial, { valid: true, fault: null, faults: [] });
    t.true(heldButFor(trial), trial?.outcome);
    t.true((trial?.successes ?? 0) > 0);
    for (const [key, effective] of Object.entries(one.recorded ?? {})) {
      const reading = trial?.sysctls.find((each) => each.role === "target" && each.key === key);
      t.like(reading, { asked: null, effective, after: effective, origin: "recorded" }, key);
    }
    t.deepEqual(await objectsOfRuns(world), []);
  });
}
