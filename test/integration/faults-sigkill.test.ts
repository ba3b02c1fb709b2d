/** SIGKILL of the harness at three instants, drawn by a seed; test/soak/faults-sigkill.test.ts draws fifty. */

import { instants, killAndProve } from "../helpers/killed-run.ts";
import { testNeeding } from "../helpers/parts.ts";

/** A run of two short trials takes some five seconds. */
for (const killAfterMs of instants(3, 4500, 4)) {
  testNeeding(["namespaces", "k6"], `SIGKILL of the harness after ${killAfterMs} ms, then resume`, async (t) => {
    t.true((await killAndProve(t, killAfterMs)).inTime, "it must still have run");
  });
}
