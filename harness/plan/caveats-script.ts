import type { Caveat } from "../results/caveats.ts";
import type { Suite } from "../suite/suite.ts";
import { busyTime, usersNeeded } from "./users-needed.ts";

/** What of the script's own options is not as the script has it. */
export function scriptCaveats(suite: Suite): Caveat[] {
  const { replaced = [], notEvaluated = [], ownShape } = suite.script ?? {};
  const [neededUsers, busy, { virtualUsers }] = [usersNeeded(suite), busyTime(suite), suite.load];
  return [
    ...(ownShape === undefined ? [] : [{ code: "own-load-shape", shape: ownShape } as const]),
    ...(replaced.length === 0 ? [] : [{ code: "script-options-replaced", options: replaced } as const]),
    ...(notEvaluated.length === 0 ? [] : [{ code: "thresholds-not-evaluated", thresholds: notEvaluated } as const]),
    ...(neededUsers === null || busy === null || neededUsers <= virtualUsers
      ? []
      : [
          {
            code: "few-users-planned",
            virtualUsers,
            neededUsers,
            iterationSeconds: busy.seconds,
            measured: busy.measured,
          } as const,
        ]),
  ];
}
