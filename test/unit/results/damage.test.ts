/** Records that were cut, emptied, changed by a bit or written by a later version: each is named, none is believed. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import test from "ava";
import { InputError } from "../../../harness/core/errors.ts";
import { ownVersion } from "../../../harness/core/package-root.ts";
import { readRun, readSeries } from "../../../harness/results/read.ts";
import { schemaVersion } from "../../../harness/results/schema-version.ts";
import { changedBits, complaints, cuts, recordFiles, stored } from "../../helpers/damaged-records.ts";
import { clusterPlatform } from "../../helpers/record-parts.ts";
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

test("a record of another version names the tunebench that wrote it, where the run says so", async (t) => {
  const { folder, fileOf } = await stored(t);
  const file = fileOf("run.json");
  const run = JSON.parse(readFileSync(file, "utf8"));
  const hintOf = (provenance: unknown) => {
    writeFileSync(file, JSON.stringify({ ...run, schemaVersion: 3, provenance }));
    return t.throws(() => readRun(folder), { instanceOf: InputError })?.hint;
  };
  t.is(hintOf({ tunebench: "0.0.9" }), "read it with tunebench 0.0.9, which wrote it");
  // This one has that number, and can't read it.
  t.regex(
    hintOf({ tunebench: ownVersion() }) ?? "",
    /^another state of tunebench \S+ wrote it; .* a commit whose harness\/results\/schema-version\.ts says 3$/,
  );
  t.is(hintOf(null), "read it with the tunebench that wrote it");
});

test("a trial of another version than its run's was not written by the run's tunebench", async (t) => {
  const { folder, fileOf } = await stored(t);
  const samples = readFileSync(fileOf("samples.ndjson"), "utf8");
  writeFileSync(fileOf("samples.ndjson"), samples.replace(/"schemaVersion":\d+/, '"schemaVersion":3'));
  const trial = JSON.parse(readFileSync(fileOf("trial.json"), "utf8"));
  const { hint } = t.throws(() => readSeries(folder, trial), { instanceOf: InputError }) ?? {};
  t.is(hint, "read it with the tunebench that wrote it");
});

test("a field that is no such thing is named with its file, however deep", async (t) => {
  const { folder, fileOf } = await stored(t);
  const said = (name: "run.json" | "trial.json", record: object) => {
    const [file, whole] = [fileOf(name), readFileSync(fileOf(name))];
    writeFileSync(file, JSON.stringify(record));
    const complaint = complaints(folder)[0] ?? "";
    writeFileSync(file, whole);
    const [path, fault = ""] = complaint.split(": damaged record (");
    t.true(path === file || complaint === "");
    return fault;
  };
  const whole = { ...trialRecord(), platform: clusterPlatform() };
  t.is(said("trial.json", whole), "");
  t.regex(said("trial.json", { ...whole, platform: { node: "a" } }), /^platform\.instanceType/);
  t.regex(
    said("trial.json", trialRecord({ load: { generator: { meaning: 3 } } as never })),
    /^load\.generator\.exitCode/,
  );
  const holding = (...caveats: unknown[]) => said("trial.json", { ...trialRecord(), caveats });
  t.is(holding({ code: "stray-faults", requests: 80 }), "");
  t.regex(holding({ code: "odd", requests: 80 }), /^caveats\.0\.code/);
  t.regex(holding({ code: "stray-faults", requests: null }), /^caveats\.0\.requests/);
  t.regex(holding({ code: "bursts" }, { code: "relay" }), /^caveats\.1\.role/);
  const search = { steps: [], sustainableRatePerSecond: null, lowerBound: false, caveats: [{ code: "bursts" }] };
  t.regex(said("trial.json", { ...trialRecord(), search }), /^search\.caveats\.0\.code/);
  t.regex(said("run.json", { ...runRecord(), caveats: [{ code: "not-here" }] }), /^caveats\.0\.words/);
  t.regex(said("run.json", { ...runRecord(), predictions: [{ profile: "a" }] }), /^predictions\.0\.usablePorts/);
});

test("a line that is no such thing is named with its number and its field", async (t) => {
  const { folder, fileOf } = await stored(t);
  const [head = "", first = "", ...rest] = readFileSync(fileOf("samples.ndjson"), "utf8").split("\n");
  const { schemaVersion } = JSON.parse(head);
  const broken = JSON.stringify({ ...JSON.parse(first), atMs: "soon" });
  writeFileSync(fileOf("samples.ndjson"), [JSON.stringify({ schemaVersion }), first, broken, ...rest].join("\n"));
  t.regex(complaints(folder)[0] ?? "", /samples\.ndjson:3: damaged record \(atMs: /);
});
