/** A regression of the wall, seeded, in a run whose blocks hold both builds. */
import { runAndGate } from "../helpers/gate-world.ts";
import { testNeeding } from "../helpers/parts.ts";
import { openWorld } from "../helpers/whole-run.ts";

const blocks = 6;

testNeeding(["namespaces", "k6"], "a port range cut to a third is a regression: exit 1", async (t) => {
  const world = await openWorld(t, {
    edit: (suite) => {
      suite.setIn(["load", "rate"], "1600/s");
      suite.set("profiles", { baseline: {}, candidate: { "net.ipv4.ip_local_port_range": "40000 40666" } });
      suite.set("blocks", blocks);
      suite.setIn(["compare", "measures"], { requestsBeforeWall: { tolerance: "5%" } });
    },
  });
  const { exitCode, gate } = await runAndGate(t, world);
  t.is(exitCode, 1, gate.sentence);
  t.log(gate.sentence);
  const [wall] = gate.comparisons;
  t.like(wall, { measure: "requestsBeforeWall", result: "worse", bound: null, n: blocks });
  t.true(Math.abs((wall?.ratio ?? 0) - 1 / 3) < 0.02, `2,000 ports against 667: ${wall?.ratio}`);
});
