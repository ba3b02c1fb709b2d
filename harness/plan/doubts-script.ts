import type { Caveat } from "../results/caveats.ts";
import type { Suite } from "../suite/suite.ts";

/** What of the script's own options is not as the script has it. */
export function scriptDoubts({ script }: Pick<Suite, "script">): Caveat[] {
  const { replaced = [], notEvaluated = [] } = script ?? {};
  return [
    ...(replaced.length === 0 ? [] : [{ code: "script-options-replaced", options: replaced } as const]),
    ...(notEvaluated.length === 0 ? [] : [{ code: "thresholds-not-evaluated", thresholds: notEvaluated } as const]),
  ];
}
