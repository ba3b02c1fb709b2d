/** Records that were cut, emptied, changed by a bit or written by a later version: each is named, none is believed. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import test from "ava";
import { runShape, shapeFault, trialShape } from "../../../harness/results/record-shape.ts";
import { schemaVersion } from "../../../harness/results/trial.ts";
import { changedBits, complaints, cuts, recordFiles, stored } from "../../helpers/damaged-records.ts";
import { clusterPlatform } from "../../helpers/record-parts.ts";
import { readOnly } from "../../helpers/routes-report.ts";
import { runRecord, trialRecord } from "../../helpers/trial-builder.ts";

test("a record as it was written is believed", async (t) => {
  const { folder } = await stored(t);
  t.deepEqual(complaints(folder), []);
});

for (const name of recordFiles) {
  test(`${name}: any bit that is changed is seen, unless nothing of the record changed with it`, (t) =>
    changedBits(t, name, { numRuns: 40, seed: 20_261_121 }));

  test(`${name}: any cut is seen, down to an empty file`, (t) => cuts(t, name, { numRuns: 15, seed: 20_261_121 }));

  test(`${name} of a later version is refused with both numbers`, async (t) => {
    const { folder, fileOf } = await stored(t);
    const file = fileOf(name);
    const later = readFileSync(file, "utf8").replace(/"schemaVersion": ?\d+/, `"schemaVersion": ${schemaVersion + 1}`);
    writeFileSync(file, later);
    const [said, ...more] = complaints(folder);
    t.deepEqual(more, []);
    t.true(said?.includes(basename(file)));
    t.regex(said ?? "", new RegExp(`schemaVersion ${schemaVersion + 1}, this tunebench reads ${schemaVersion}`));
  });
}

test("a file that is gone is named", async (t) => {
  const { folder, fileOf } = await stored(t);
  writeFileSync(fileOf("trial.json"), "");
  t.regex(complaints(folder)[0] ?? "", /trial\.json: damaged record \(empty\)/);
});

test("what a trial may lack is damaged where it is there in part", (t) => {
  const whole = { ...trialRecord(), refusal: readOnly, platform: clusterPlatform() };
  t.is(shapeFault(trialShape, whole), null);
  t.regex(shapeFault(trialShape, { ...whole, refusal: { route: "node" } }) ?? "", /^refusal\.words/);
  t.regex(shapeFault(trialShape, { ...whole, platform: { node: "a" } }) ?? "", /^platform\.kernel/);
});

test("a caveat that no sentence could be made of is damage: an unknown code, a number that is none", (t) => {
  const holding = (...doubts: unknown[]) => shapeFault(trialShape, { ...trialRecord(), doubts });
  t.is(holding({ code: "stray-faults", requests: 80 }), null);
  t.regex(holding({ code: "odd", requests: 80 }) ?? "", /^doubts\.0\.code/);
  t.regex(holding({ code: "stray-faults", requests: null }) ?? "", /^doubts\.0\.requests/);
  t.regex(holding({ code: "bursts" }, { code: "relay" }) ?? "", /^doubts\.1\.role/);
  const search = { steps: [], sustainableRatePerSecond: null, lowerBound: false, doubts: [{ code: "bursts" }] };
  t.regex(shapeFault(trialShape, { ...trialRecord(), search }) ?? "", /^search\.doubts\.0\.code/);
  t.regex(shapeFault(runShape, { ...runRecord(), doubts: [{ code: "not-here" }] }) ?? "", /^doubts\.0\.words/);
});
