/** Reports of stored runs: every format, damaged records, closed pipes. */
import { spawnSync } from "node:child_process";
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "ava";
import { execa } from "execa";
import { markRunning, unmarkRunning } from "../../harness/results/running.ts";
import { schemaVersion } from "../../harness/results/schema-version.ts";
import { called } from "../helpers/calls.ts";
import { mainFile, temporaryFolder, tunebench } from "../helpers/cli.ts";
import { storeRun } from "../helpers/stored-run.ts";

test("report: makes every file again and prints the page's path", async (t) => {
  const out = await temporaryFolder(t);
  const { folder } = storeRun(out);
  for (const reference of [folder, basename(folder), "latest"]) {
    const { exitCode, stdout, stderr } = await tunebench(["report", reference, "--results", out]);
    t.is(exitCode, 0, stderr);
    t.is(stdout, join(folder, "report.html"));
    for (const name of ["analysis.json", "report.html", "report.md", "summary.csv"]) {
      t.true(existsSync(join(folder, name)), name);
      rmSync(join(folder, name));
    }
  }
});

test("latest is the latest run of a suite in this folder, where that says it is kept; --any of whatever is there", async (t) => {
  const here = await temporaryFolder(t);
  const { folder } = storeRun(join(here, "kept"));
  const other = join(here, "kept", "29991121T080225Z-other-3f9a");
  cpSync(folder, other, { recursive: true });
  const latest = async (...options: string[]) => called(["report", "latest", ...options], { cwd: here });
  t.is((await latest("--results", "kept")).stdout, join(other, "report.html"), "no suite here");
  writeFileSync(join(here, "suite.yaml"), "name: port-exhaustion\ntarget: {}\nload: {}\nresults: kept\n");
  t.is((await latest()).stdout, join(folder, "report.html"));
  t.is((await latest("--any")).stdout, join(other, "report.html"));
  writeFileSync(join(here, "suite.yaml"), "name: shop\ntarget: {}\nload: {}\n");
  const { exitCode, stderr } = await latest("--results", "kept");
  t.is(exitCode, 2);
  t.is(stderr, `tunebench: no run of shop below kept\n  --any takes the latest of another suite: ${other}`);
});

/** Format, and how its text begins. */
const formats: [string, RegExp][] = [
  ["html", /^<!doctype html>/i],
  ["md", /^## /],
  ["csv", /^[a-zA-Z_]+,/],
  ["json", /^\{\n {2}"schemaVersion": \d+,/],
  ["terminal", /^Profile reuse .*removes the wall/],
];

for (const [format, beginning] of formats) {
  test(`report --format ${format} prints it, and nothing else`, async (t) => {
    const out = await temporaryFolder(t);
    const { folder } = storeRun(out);
    const { exitCode, stdout, stderr } = await called(["report", folder, "--format", format]);
    t.is(exitCode, 0, stderr);
    t.is(stderr, "");
    t.regex(stdout, beginning);
    t.true(stdout.includes("backlog") && stdout.includes("reuse"));
    if (format !== "html") t.false(stdout.includes("\u001B"));
    if (format === "terminal") for (const line of stdout.split("\n")) t.true(line.length <= 80, line);
    t.false(existsSync(join(folder, "analysis.json")), "a printed report writes nothing");
  });
}

test("what ends a run prints a report in place of the page's path where it is asked to", async (t) => {
  const { folder } = storeRun(await temporaryFolder(t));
  const { stdout, stderr } = await called(["resume", folder, "--format", "json"]);
  t.regex(stderr, /is done: nothing is left to resume/);
  t.is(`${stdout}\n`, readFileSync(join(folder, "analysis.json"), "utf8"));
});

test("an unknown format", async (t) => {
  const { folder } = storeRun(await temporaryFolder(t));
  const { exitCode, stderr } = await called(["report", folder, "--format", "pdf"]);
  t.is(exitCode, 2);
  t.regex(stderr, /no format pdf\n {2}one of html, md, csv, json, terminal/);
});

/** What became of a stored trial, and what must be said of it. */
const damages: Record<string, { file: string; change: (text: string) => string; said: RegExp }> = {
  truncated: { file: "trial.json", change: (text) => text.slice(0, 900), said: /trial\.json: damaged record/ },
  "of a newer schema": {
    file: "trial.json",
    change: (text) => text.replace(`"schemaVersion": ${schemaVersion}`, `"schemaVersion": ${schemaVersion + 1}`),
    said: new RegExp(`trial\\.json: schemaVersion ${schemaVersion + 1}, this tunebench reads ${schemaVersion}`),
  },
  "of other content": {
    file: "trial.json",
    change: () => JSON.stringify({ schemaVersion }),
    said: /trial\.json: damaged record \(sequence: /,
  },
  "without evidence": {
    file: "trial.json",
    change: (text) => JSON.stringify({ ...JSON.parse(text), evidence: {} }),
    said: /trial\.json: damaged record \(evidence\.ports: /,
  },
  "with a cut series": {
    file: "windows.ndjson",
    change: (text) => text.slice(0, text.length - 30),
    said: /windows\.ndjson:\d+: damaged record/,
  },
};

for (const [title, { file, change, said }] of Object.entries(damages)) {
  test(`a trial ${title} is named, the others are reported`, async (t) => {
    const out = await temporaryFolder(t);
    const { folder, trials } = storeRun(out);
    const [damaged = ""] = trials.filter((path) => path.endsWith("-backlog"));
    writeFileSync(join(damaged, file), change(readFileSync(join(damaged, file), "utf8")));
    const { exitCode, stdout, stderr } = await called(["report", folder, "--format", "json"]);
    t.is(exitCode, 0, stderr);
    const analysis = JSON.parse(stdout);
    const unreadable = analysis.caveats.filter(({ code }: { code: string }) => code === "unreadable-trial");
    t.is(unreadable.length, 1);
    t.regex(unreadable[0].words, said);
    t.true(unreadable[0].words.includes(basename(damaged)), "it says which");
    t.is(analysis.profiles.find(({ name }: { name: string }) => name === "reuse").held, 1);
    t.is((await called(["report", folder])).exitCode, 0);
  });
}

test("a planned trial that was deleted is missed in every report", async (t) => {
  const { folder, trials } = storeRun(await temporaryFolder(t));
  const caveats = async () => {
    const { stdout } = await called(["report", folder, "--format", "json"]);
    return JSON.parse(stdout).caveats.filter(({ code }: { code: string }) => code === "missing-trials");
  };
  t.deepEqual(await caveats(), []);
  for (const path of trials.filter((name) => name.endsWith("-backlog"))) rmSync(path, { recursive: true });
  const [caveat] = await caveats();
  t.deepEqual(caveat, { code: "missing-trials", places: [{ block: 1, profile: "backlog" }] });
  const { stdout } = await called(["report", folder, "--format", "terminal"]);
  t.regex(stdout, /a planned trial is not among the results/);
});

/** What run.json holds, and what is said of it. */
const damagedRuns: [string, RegExp][] = [
  ["{", /run\.json: damaged record \(not JSON\)/],
  [JSON.stringify({ schemaVersion }), /run\.json: damaged record \(id: .*\)\n {2}the file was cut or changed/],
  [
    JSON.stringify({ schemaVersion: 3, provenance: { tunebench: "0.0.9" } }),
    /run\.json: schemaVersion 3, this tunebench reads \d+\n {2}read it with tunebench 0\.0\.9, which wrote it$/,
  ],
];

for (const [text, said] of damagedRuns) {
  test(`a run.json of ${text} is an error with its place`, async (t) => {
    const { folder } = storeRun(await temporaryFolder(t));
    writeFileSync(join(folder, "run.json"), text);
    const { exitCode, stderr } = await called(["report", folder]);
    t.is(exitCode, 2);
    t.regex(stderr, said);
  });
}

test("a bug keeps its stack: exit 70", async (t) => {
  const { folder } = storeRun(await temporaryFolder(t));
  // No record makes it fail: what is wrong with one is said when it is read.
  const preload = "data:text/javascript,delete Array.prototype.toSorted;";
  const args = ["--import", preload, mainFile(), "report", folder];
  const { exitCode, stdout, stderr } = await execa(process.execPath, args, { reject: false });
  t.is(exitCode, 70, stderr);
  t.is(stdout, "");
  t.regex(stderr, /this is a bug, please report it with these lines:\nTypeError: .*\n {4}at /);
});

test("a reader that closes the pipe early is no failure", async (t) => {
  const { folder } = storeRun(await temporaryFolder(t));
  const child = execa(process.execPath, [mainFile(), "report", folder, "--format", "html"], {
    reject: false,
    buffer: { stdout: false },
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const { exitCode, stderr } = await child;
  t.is(exitCode, 0, String(stderr));
  t.is(stderr, "");
});

test("an output that can't be written is exit 4", async (t) => {
  const { folder } = storeRun(await temporaryFolder(t));
  const full = openSync("/dev/full", "w");
  t.teardown(() => closeSync(full));
  const args = [mainFile(), "report", folder, "--format", "md"];
  const { status: exitCode, stderr } = spawnSync(process.execPath, args, {
    stdio: ["ignore", full, "pipe"],
    encoding: "utf8",
  });
  t.is(exitCode, 4);
  t.regex(stderr, /^tunebench: can't write the output: ENOSPC/);
});

test("clean takes what was never finished, and no result", async (t) => {
  const out = await temporaryFolder(t);
  const { folder, trials } = storeRun(out);
  const partial = join(folder, "trials", ".partial-006-b2-reuse");
  mkdirSync(join(partial, "data"), { recursive: true });
  const first = await clean(out);
  t.like(first, { exitCode: 0, stdout: partial, stderr: "removed 1" });
  t.false(existsSync(partial));
  for (const path of trials) t.true(existsSync(join(path, "trial.json")));
  t.like(await clean(out), { exitCode: 0, stdout: "", stderr: "nothing to clean" });
});

test("clean takes a run that was killed before it had a record, and no folder with anything else in it", async (t) => {
  const out = await temporaryFolder(t);
  const [empty, marked, whole, strange, other] = [
    "20261121T080225Z-a-1a2b",
    "20261121T080225Z-b-1a2b",
    "20261121T080225Z-c-1a2b/trials/001-b1-reuse",
    "20261121T080225Z-d-1a2b",
    "mine",
  ].map((name) => join(out, name)) as [string, string, string, string, string];
  for (const folder of [empty, join(marked, "trials", ".partial-001-b1-reuse"), whole, strange, other]) {
    mkdirSync(folder, { recursive: true });
  }
  writeFileSync(join(marked, ".running"), "1 1");
  writeFileSync(join(strange, "notes.txt"), "mine");
  const { stdout, exitCode } = await clean(out);
  t.is(exitCode, 0);
  t.deepEqual(stdout.split("\n").sort(), [empty, marked]);
  for (const kept of [whole, strange, other]) t.true(existsSync(kept));
});

test("clean leaves a run that is under way as it is", async (t) => {
  const out = await temporaryFolder(t);
  const { folder } = storeRun(out);
  const partial = join(folder, "trials", ".partial-006-b2-reuse");
  mkdirSync(partial);
  markRunning(folder);
  const beside = await clean(out);
  t.like(beside, { exitCode: 0, stdout: "", stderr: `${folder} is under way: left as it is\nnothing to clean` });
  t.true(existsSync(partial));
  unmarkRunning(folder);
  t.like(await clean(out), { stdout: partial, stderr: "removed 1" });
});

test("clean takes the mark and the half files of processes that are gone", async (t) => {
  const out = await temporaryFolder(t);
  const { folder } = storeRun(out);
  const child = execa("true");
  const gone = child.pid;
  await child;
  const stale = join(folder, ".running");
  const half = join(folder, `report.html.partial-${gone}`);
  const other = join(folder, `report.md.partial-${process.pid}`);
  const neverBegun = join(out, `20261121T080225Z-other-1a2b.partial-${gone}`);
  mkdirSync(neverBegun);
  // This process's number, given to another one before it.
  writeFileSync(stale, `${process.pid} 1`);
  writeFileSync(half, "<!doctype");
  writeFileSync(other, "# a report that is being written");
  const first = await clean(out);
  t.is(first.stderr, "removed 3");
  t.deepEqual(first.stdout.split("\n").sort(), [stale, half, neverBegun].sort());
  t.true(existsSync(other));
});

/** What killed runs left elsewhere is not this test's. */
function clean(out: string) {
  return called(["clean", "--results", out], { env: { TMPDIR: out } });
}
