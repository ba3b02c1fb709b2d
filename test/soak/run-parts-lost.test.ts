/** The pods of an upstream and of the target deleted under load, in one run: what CI sees of the target alone. */
import { podsDeleted } from "../helpers/lost-pods.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(
  ["cluster"],
  "a pod that is deleted under load, the target's too: invalid, named; repeated, the run is complete. A stranger at the relay is told",
  async (t) => {
    t.timeout(10 * 60_000);
    const roles: [string, string][] = [
      ["upstream", "db"],
      ["target", "target"],
    ];
    await podsDeleted(t, { fixture: "pods", roles });
  },
);
