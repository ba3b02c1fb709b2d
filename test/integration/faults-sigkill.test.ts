/**
 * SIGKILL of the harness early in a run, at an instant drawn by a seed; in the second trial: run-resume. test/soak/faults-sigkill.test.ts
 * draws fifty over a whole run.
 */

import { instants, killAndProve } from "../helpers/killed-run.ts";
import { testNeeding } from "../helpers/parts.ts";

for (const killAfterMs of instants(1, 2000, 4)) {
  testNeeding(["namespaces", "k6"], `SIGKILL of the harness after ${killAfterMs} ms, then resume`, async (t) => {
    t.true((await killAndProve(t, killAfterMs)).inTime, "it must still have run");
  });
}
