import test from "ava";
import { failedTrials } from "../../../harness/experiment/duet-arms.ts";
import type { TrialIdentity } from "../../../harness/experiment/unmeasured-trial.ts";
import { PartFailure } from "../../../harness/testbeds/failures.ts";
import { runRecord } from "../../helpers/trial-builder.ts";

const run = runRecord({ profiles: ["baseline", "candidate"], design: "duet" });
const identities: TrialIdentity[] = ["candidate", "baseline"].map((profile, index) => ({
  run,
  planned: { sequence: index + 1, block: 1, profile, attempt: 1, purpose: "compare", step: null, find: null },
  startedAt: new Date(0),
}));

test("a part that one arm alone has fails that arm, as its target, and the other has nothing to be compared with", (t) => {
  const [candidate, baseline] = failedTrials(
    identities,
    new PartFailure("target-2", "was not ready", ["no port"], "hint"),
  );
  t.deepEqual(candidate?.invalidReason, { code: "other-arm-invalid", profile: "baseline" });
  t.like(baseline?.invalidReason, {
    code: "part-not-ready",
    role: "target",
    words: "target was not ready",
    hint: "hint",
  });
  t.deepEqual(baseline?.lastWords, { target: ["no port"] });
  t.deepEqual(candidate?.lastWords, {});
});

test("what both share fails both", (t) => {
  const records = failedTrials(identities, new PartFailure("db", "ended", []));
  for (const record of records) t.like(record.invalidReason, { code: "part-not-ready", role: "db" });
});
