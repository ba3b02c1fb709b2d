/** What a run on a real cluster makes of a target that goes: by itself at its start, or deleted by somebody under load. */
import { invalidWords } from "../../harness/report/words/invalid-reasons.ts";
import { withoutNodeObserver, worldFor } from "../helpers/api-world.ts";
import { copyFixture, objectsOfRuns, runOnCluster, storedIn } from "../helpers/cluster-runs.ts";
import { podsDeleted } from "../helpers/lost-pods.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(["cluster"], "a target that crashes at its start: invalid with its last words, exit 4", async (t) => {
  t.timeout(10 * 60_000);
  const world = await worldFor(t, withoutNodeObserver);
  const command = ["node", "--eval", "console.error('no licence for this host'); process.exit(3)"];
  const suite = await copyFixture(world, {
    fixture: "routes",
    edit: (document) => document.setIn(["target", "command"], command),
  });
  const { exitCode, stderr, out } = await runOnCluster(world, suite, ["--profiles", "baseline"]);
  t.is(exitCode, 4, stderr);
  const [trial] = storedIn(out).trials;
  t.like(trial, { valid: false, outcome: "failed", requests: 0, lastWords: { target: ["no licence for this host"] } });
  t.regex(invalidWords(trial?.invalidReason ?? null), /^target .*no licence for this host$/);
  t.regex(stderr, /INVALID: target .*no licence for this host/);
  t.deepEqual(await objectsOfRuns(world), []);
});

// An upstream's pod as well: test/soak/run-parts-lost.test.ts.
testNeeding(
  ["cluster"],
  "a target whose pod is deleted under load: invalid, named; repeated, the run is complete. A stranger at the relay is told",
  async (t) => {
    t.timeout(10 * 60_000);
    await podsDeleted(t, { fixture: "routes", roles: [["target", "target"]] });
  },
);
