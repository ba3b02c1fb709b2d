import test from "ava";
import { checkCaveats } from "../../../harness/detect/script-checks.ts";
import { noScriptCounts } from "../../../harness/results/script-counts.ts";
import { halves } from "./story.ts";

const signature = (match: string) => ({ kind: "CHECK_FAILED", match, in: "check" }) as const;

test("more than a hundredth of failed checks is told, but for those that are faults", (t) => {
  const windows = (failed: number) =>
    halves(0, 1, 100, 1).map((window) => ({
      ...window,
      script: {
        ...noScriptCounts,
        checks: [
          { name: "is 200", passed: 100, failed: 0 },
          { name: "is Red", passed: 100 - failed, failed },
        ],
      },
    }));
  const told = (failed: number, ...matches: string[]) =>
    checkCaveats({ windows: windows(failed), signatures: matches.map(signature) });
  t.deepEqual(told(2), []);
  t.deepEqual(told(3), [
    { code: "failed-checks", failed: 3 * windows(3).length, of: 200 * windows(3).length, worst: "is Red" },
  ]);
  t.deepEqual(told(3, ""), []);
  t.deepEqual(told(3, "RED"), []);
  t.is(told(3, "blue").length, 1);
});
