/** Records that anyone may have written, sealed as tunebench seals them: no output has a stack, NaN, undefined or [object in it. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { compare } from "../../harness/commands/compare.ts";
import { deliver } from "../../harness/commands/deliver.ts";
import { documentFormats, gateFormats, reportFormats } from "../../harness/commands/formats.ts";
import { gate } from "../../harness/commands/gate.ts";
import { report } from "../../harness/commands/report.ts";
import { ExpectedError } from "../../harness/core/errors.ts";
import { openSealed, sealedJson } from "../../harness/results/checksum.ts";
import { temporaryFolder } from "../helpers/cli.ts";
import { hostileText } from "../helpers/hostile-report.ts";
import { storeRun } from "../helpers/stored-run.ts";

const mutatedRuns = 75;

/** A value by a way of keys, changed: what a shape may let through. */
const odd = fc.constantFrom<unknown>(
  0,
  -1,
  0.5,
  1e308,
  -1e308,
  5e-324,
  2 ** 53,
  null,
  "",
  "__proto__",
  "constructor",
  hostileText,
  [],
  {},
  true,
);

test.serial(`${mutatedRuns} runs with changed records: every report, gate, compare and deliver`, async (t) => {
  t.timeout(300_000);
  const out = await temporaryFolder(t);
  const { folder, trials } = storeRun(out);
  const other = storeRun(await temporaryFolder(t)).folder;
  const run = JSON.parse(openSealed(readFileSync(join(other, "run.json"), "utf8")).json);
  writeFileSync(join(other, "run.json"), sealedJson({ ...run, id: "20261121T080226Z-other-3f9b" }));
  const files = ["run.json", ...trials.map((trial) => join(trial.slice(folder.length + 1), "trial.json"))];
  const whole = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
  const change = fc.tuple(fc.constantFrom(...files), fc.nat(), odd);
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      for (const [file, text] of whole) writeFileSync(join(folder, file), text);
      for (const [file, at, value] of changes) {
        const record = JSON.parse(openSealed(readFileSync(join(folder, file), "utf8")).json);
        put(record, at, value);
        writeFileSync(join(folder, file), sealedJson(record));
      }
      await saysNothingOdd(await temporaryFolder(t), folder, other);
    }),
    { numRuns: mutatedRuns, seed: 20_261_121, includeErrorInReport: true },
  );
  t.pass();
});

/** Sets the leaf that a number stands for: each has the same chance. */
function put(record: object, at: number, value: unknown): void {
  const leaves = leavesOf(record);
  const [owner, key] = leaves[at % leaves.length] ?? [record, ""];
  (owner as Record<string, unknown>)[key] = value;
}

function leavesOf(value: object): [object, string][] {
  return Object.entries(value).flatMap(([key, inner]): [object, string][] =>
    typeof inner === "object" && inner !== null && Object.keys(inner).length > 0
      ? [...leavesOf(inner), [value, key]]
      : [[value, key]],
  );
}

async function saysNothingOdd(aside: string, folder: string, other: string): Promise<void> {
  const calls: [string, () => Promise<number> | number][] = [
    ...reportFormats.map((format): [string, () => Promise<number>] => [
      `report ${format}`,
      () => report(folder, { format, results: "results" }),
    ]),
    ...gateFormats.map((format): [string, () => number] => [
      `gate ${format}`,
      () => gate([folder], { results: "results", format, candidate: "reuse" }),
    ]),
    ...documentFormats.map((format): [string, () => number] => [
      `compare ${format}`,
      () => compare(other, folder, { results: "results", format }),
    ]),
    [
      "deliver",
      () =>
        deliver(folder, {
          platform: "kubeadm",
          profile: "reuse",
          out: join(aside, "d"),
          results: "results",
          format: "json",
        }),
    ],
  ];
  for (const [name, call] of calls) {
    const { text, error } = await said(call);
    if (error !== null && !(error instanceof ExpectedError)) throw new Error(`${name}: ${(error as Error).stack}`);
    const found = /.{0,80}(?:\bNaN\b|\bundefined\b|\[object |^ {4}at .+:\d+:\d+).{0,80}/m.exec(
      visible(name, text),
    )?.[0];
    if (found !== undefined) throw new Error(`${name}: ${found}`);
  }
  rmSync(aside, { recursive: true, force: true });
}

/** The page's script is code, not what is said. */
function visible(name: string, text: string): string {
  return name === "report html" ? text.replace(/<script>[\s\S]*?<\/script>/g, "") : text;
}

/** What a command writes, and throws. */
async function said(call: () => Promise<number> | number): Promise<{ text: string; error: unknown }> {
  const texts: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  for (const { stream } of streams) stream.write = ((text: string) => texts.push(String(text)) > 0) as never;
  let error: unknown = null;
  try {
    await call();
  } catch (thrown) {
    error = thrown;
    texts.push((thrown as Error).message);
  } finally {
    for (const { stream, write } of streams) stream.write = write;
  }
  return { text: texts.join(""), error };
}
