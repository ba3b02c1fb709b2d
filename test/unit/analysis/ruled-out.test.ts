/** A remedy that another profile has shown not to help is not given. */
import test from "ava";
import { analyze } from "../../../harness/analysis/analyze.ts";
import { storedRun } from "../../helpers/stories.ts";
import { profileRecord, type TrialOverrides, trialRecord } from "../../helpers/trial-builder.ts";

const overflowing = (overrides: TrialOverrides, effectiveLimit: number) =>
  trialRecord({
    ...overrides,
    outcome: "degraded",
    evidence: {
      acceptQueues: [
        {
          ...{ role: "target", port: 8080, effectiveLimit: null, somaxconn: null },
          ...{ peakQueued: effectiveLimit, looks: 9, leastQueued: 0, overflows: 90_000, drops: 90_000 },
        },
      ],
    },
  });
const somaxconn = { "net.core.somaxconn": "65535" };
const keysOf = (run: ReturnType<typeof storedRun>) =>
  analyze(run.run, run.trials).profiles[0]?.findings[0]?.remedies.map((one) => ("key" in one ? one.key : one.kind));

test("somaxconn is no remedy where a profile raised it and the queue overflowed as before", (t) => {
  const run = storedRun(2, [
    [profileRecord("baseline"), (overrides) => overflowing(overrides, 5)],
    [profileRecord("tuned", somaxconn), (overrides) => overflowing(overrides, 5)],
  ]);
  t.deepEqual(keysOf(run), ["program", "program"]);
  const [baseline] = analyze(run.run, run.trials).profiles;
  t.like(baseline?.findings[0]?.evidence.at(-1), { kind: "ruled-out", key: "net.core.somaxconn", profile: "tuned" });
});

test("it stays one where the profile did something else as well, or where the queue no longer overflowed", (t) => {
  const both = { ...somaxconn, "net.ipv4.tcp_tw_reuse": "1" };
  for (const run of [
    storedRun(2, [
      [profileRecord("baseline"), (overrides) => overflowing(overrides, 5)],
      [profileRecord("tuned", both), (overrides) => overflowing(overrides, 5)],
    ]),
    storedRun(2, [
      [profileRecord("baseline"), (overrides) => overflowing(overrides, 5)],
      [profileRecord("tuned", somaxconn), (overrides) => trialRecord(overrides)],
    ]),
  ]) {
    t.true(keysOf(run)?.includes("net.core.somaxconn"));
  }
});
