/** What a gate is for: real regressions, seeded, in runs whose blocks hold both builds. A/A pairs are in test/soak. */
import type { Document } from "yaml";
import { isDisturbed } from "../../../harness/results/disturbance.ts";
import { gateOf, keepAliveWorld, runAndGate } from "../../helpers/gate-world.ts";
import { testNeeding } from "../../helpers/parts.ts";
import { onlyRun } from "../../helpers/whole-run.ts";

const blocks = 6;

/** One measure, so that six blocks can decide. */
function judging(suite: Document, measure: string, tolerance: string): void {
  suite.set("blocks", blocks);
  suite.setIn(["compare", "measures"], { [measure]: { tolerance } });
}

testNeeding(["namespaces", "k6"], "a build that answers 2 ms later is a regression: exit 1", async (t) => {
  const world = await keepAliveWorld(t, { env: { DELAY_MS: "2" } }, (suite) => {
    suite.setIn(["load", "rate"], "1000/s");
    suite.setIn(["stop", "after"], "1s");
    judging(suite, "latencyMs.p50", "10%");
  });
  const { exitCode, gate } = await runAndGate(t, world);
  t.log(gate.sentence);
  // Beside another load 2 ms may drown in its noise: then it can't be told, but never passes.
  if (exitCode === 5 && onlyRun(world).trials.some(isDisturbed)) return;
  t.is(exitCode, 1, gate.sentence);
  t.like(gate, { decision: "regression", pairing: "paired", blocks, obstacles: [] });
  t.like(gate.comparisons, [{ measure: "latencyMs.p50", result: "worse", n: blocks }] as never);
  const back = await gateOf(t, world, ["--baseline", "candidate", "--candidate", "baseline"]);
  t.like(back, { exitCode: 0, gate: { decision: "pass", comparisons: [{ result: "better" }] } } as never);
});
