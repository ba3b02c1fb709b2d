import test from "ava";
import { runExitCode } from "../../../harness/commands/carry-out.ts";
import { runRecord, trialRecord } from "../../helpers/trial-builder.ts";

const order = ["a", "b"].map((profile, i) => ({ sequence: i + 1, block: 1, profile }));
const trials = order.map((planned) => trialRecord(planned));
const ended = { at: "2026-11-21T09:00:00.000Z", reason: "done" as const, why: [] };
const run = runRecord({ order, blocks: 1, looks: [], baseline: "a", profiles: ["a", "b"], ended });

/** Exit code, and what is said. */
function endOf(stored: Parameters<typeof runExitCode>[0]) {
  const said: string[] = [];
  const write = (text: string) => void said.push(text);
  const code = runExitCode(stored, { isTTY: false, width: 80, color: false, write });
  return [code, said.join("")];
}

test("only a run that holds an outcome of every planned place exits with 0", (t) => {
  t.deepEqual(endOf({ run, trials }), [0, ""]);
  const missing = "tunebench: 1 of 2 planned trials has no valid outcome\n";
  t.deepEqual(endOf({ run, trials: trials.slice(1) }), [4, missing]);
  const invalid = trialRecord({
    block: 1,
    profile: "b",
    valid: false,
    outcome: "failed",
    invalidReason: { code: "part-lost" as const, words: "k6 died" },
  });
  t.deepEqual(endOf({ run, trials: [...trials.slice(0, 1), invalid] }), [4, missing]);
  t.deepEqual(endOf({ run, trials, unreadable: ["trial.json: damaged\u001b"] }), [
    4,
    "tunebench: a trial can't be read: trial.json: damaged\ufffd\n",
  ]);
});
