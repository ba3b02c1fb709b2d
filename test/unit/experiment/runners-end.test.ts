import test from "ava";
import { lostExports, sharedEnd, sharedLosses } from "../../../harness/experiment/runners-end.ts";
import type { RunnersEnd } from "../../../harness/testbeds/remote.ts";

type Runner = RunnersEnd["runners"][number];

function ends(...changes: Partial<Runner>[]): RunnersEnd {
  const runners = changes.map((change, runner) => {
    return { runner, node: "node-b", exitCode: 103, signal: null, exports: { sent: 10, received: 10 }, ...change };
  });
  return { runners, losses: [] };
}

test("of several ends the worst counts: a crash before a stop, no end that was seen before all", (t) => {
  const worst = (...changes: Partial<Runner>[]) => {
    const { exitCode, signal } = sharedEnd(ends(...changes));
    return exitCode ?? signal;
  };
  t.is(worst({ exitCode: 0 }, { exitCode: 0 }), 0);
  t.is(worst({ exitCode: 0 }, { exitCode: 105 }), 105);
  t.is(worst({ exitCode: 107 }, { exitCode: 103 }, { exitCode: 0 }), 107);
  t.is(worst({ exitCode: 107 }, { exitCode: null, signal: "SIGKILL" }), "SIGKILL");
  t.is(worst({ exitCode: null, signal: "SIGKILL" }, { exitCode: null }), null);
  t.like(sharedEnd(ends({ exitCode: 137 })).runners[0], { runner: 0, node: "node-b", exitCode: 137, signal: null });
});

test("what makes a shared load another one is told, runner by runner", (t) => {
  t.deepEqual(sharedLosses(ends({}, { exitCode: 0 }, { exitCode: 105 }), []), []);
  const end = { ...ends({}, { exitCode: 137 }, { exitCode: null, node: null }), losses: ["lines 7 to 9 are missing"] };
  t.deepEqual(sharedLosses(end, [0]), [
    { kind: "testbed", words: "lines 7 to 9 are missing" },
    { kind: "runner-silent", runner: 0, runners: 3 },
    { kind: "runner-failed", runner: 1, runners: 3, node: "node-b", exitCode: 137, signal: null },
    { kind: "runner-failed", runner: 2, runners: 3, node: null, exitCode: null, signal: null },
  ]);
});

test("exports that were sent and did not come are counted", (t) => {
  t.is(lostExports(ends({}, {})), 0);
  t.is(lostExports(ends({ exports: { sent: 12, received: 10 } }, { exports: { sent: 9, received: 10 } })), 2);
});
