import type { TrialCaveat } from "../results/caveats-trial.ts";
import { sumScriptCounts } from "../results/script-counts.ts";
import type { TrialInput } from "./trial-input.ts";
import { sum } from "./windows.ts";

/** More failed checks than this are worth a word. */
const tolerableShare = 0.01;

/** Checks that failed and are no faults: what was answered to them counts as served. */
export function checkCaveats({ windows, signatures }: Pick<TrialInput, "windows" | "signatures">): TrialCaveat[] {
  const { checks } = sumScriptCounts(windows.map(({ script }) => script));
  const texts = signatures.filter(({ in: place }) => place === "check").map(({ match }) => match.toLowerCase());
  const own = checks.filter(({ name }) => !texts.some((text) => name.toLowerCase().includes(text)));
  const failed = sum(own.map((check) => check.failed));
  const of = failed + sum(own.map(({ passed }) => passed));
  const [worst] = own.toSorted((a, b) => b.failed - a.failed);
  if (worst === undefined || failed <= tolerableShare * of) return [];
  return [{ code: "failed-checks", failed, of, worst: worst.name }];
}
