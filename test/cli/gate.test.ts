/** The gate and the comparison of stored runs: exit codes, files, messages. */
import { existsSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "ava";
import { execa } from "execa";
import { called } from "../helpers/calls.ts";
import { temporaryFolder, tunebench } from "../helpers/cli.ts";
import { twoBuilds } from "../helpers/gate-fixture.ts";
import { storeStory } from "../helpers/stored-run.ts";
import { portExhaustionRun, type StoredRun } from "../helpers/stories.ts";

/** Another run of the same story. */
function again(story: StoredRun, change: Partial<StoredRun["run"]> = {}): StoredRun {
  return { ...story, run: { ...story.run, id: "20261122T080225Z-keep-alive-77aa", ...change } };
}

const stories: [string, StoredRun, number, RegExp][] = [
  ["alike", twoBuilds(10, 1), 0, /^No regression: candidate against baseline, 10\nblocks|^No regression: /],
  ["a slower candidate", twoBuilds(10, 2.3), 1, /^Regression: candidate against baseline, 10 blocks: 2\.28x the p99/],
  ["too few blocks", twoBuilds(4, 2.3), 5, /^Inconclusive: .*undecided/s],
];

for (const [title, story, expected, said] of stories) {
  test(`gate: ${title} is exit ${expected}`, async (t) => {
    const out = await temporaryFolder(t);
    const folder = storeStory(out, story);
    for (const [reference, by] of [
      [folder, called],
      [basename(folder), called],
      ["latest", tunebench],
    ] as const) {
      const { exitCode, stdout, stderr } = await by(["gate", reference, "--results", out]);
      t.is(exitCode, expected, stderr);
      t.is(stderr, "");
      t.regex(stdout, said);
      t.deepEqual(
        stdout.split("\n").filter((line) => line.length > 80),
        [],
      );
    }
  });
}

test("gate writes the reports that are asked for, whole, and prints one", async (t) => {
  const out = await temporaryFolder(t);
  storeStory(out, twoBuilds(10, 2.3));
  const [md, json, junit] = ["comment.md", "gate.json", "gate.xml"].map((name) => join(out, name)) as [
    string,
    string,
    string,
  ];
  const files = ["--md", md, "--json", json, "--junit", junit];
  const { exitCode, stdout } = await called(["gate", "latest", "--results", out, ...files, "--format", "md"]);
  t.is(exitCode, 1);
  t.is(`${stdout}\n`, readFileSync(md, "utf8"));
  t.regex(stdout, /^## ❌ tunebench gate: keep-alive\n\n\*\*Regression: /);
  const decided = JSON.parse(readFileSync(json, "utf8"));
  t.like(decided, { decision: "regression", pairing: "paired", differences: [] });
  t.true(Number.isInteger(decided.schemaVersion) && decided.comparisons.length === 3);
  t.regex(readFileSync(junit, "utf8"), /^<\?xml.*<failure message="worse: 2\.28x/s);
  const other = await called(["gate", "latest", "--results", out, "--format", "json"]);
  t.deepEqual(JSON.parse(other.stdout), decided);
});

test("gate of two runs: unpaired, and what differs must be allowed", async (t) => {
  const out = await temporaryFolder(t);
  const story = twoBuilds(8, 1);
  const one = storeStory(out, story);
  const two = storeStory(out, again(story, { provenance: { ...story.run.provenance, cpus: 64, engine: "k6 v9" } }));
  const kept = await called(["gate", one, two, "--candidate", "candidate"]);
  t.is(kept.exitCode, 5);
  t.regex(
    kept.stdout.replaceAll("\n", " "),
    /^Inconclusive: .*the runs differ in cpu, engine; --allow cpu,engine where/,
  );
  t.regex(kept.stdout, /- cpu: 2 x Some CPU .*\n?.*64 x Some CPU/);
  t.regex(kept.stdout.replace(/\s+/g, " "), /flagged 21 regressions where the same commit, measured again, flagged 1/);
  const allowed = await called(["gate", one, two, "--candidate", "candidate", "--allow", "cpu,engine"]);
  t.is(allowed.exitCode, 0, allowed.stdout);
  const slower = storeStory(out, again(twoBuilds(8, 2.3), { id: "20261123T080225Z-keep-alive-0001" }));
  const worse = await called(["gate", one, slower, "--baseline", "baseline", "--candidate", "candidate"]);
  t.is(worse.exitCode, 1, worse.stdout);
});

test("compare: the gate's view of each profile that two runs share, whatever they differ in; exit 0", async (t) => {
  const out = await temporaryFolder(t);
  const one = storeStory(out, twoBuilds(8, 1));
  const slower = twoBuilds(8, 2.3);
  const two = storeStory(out, again(slower, { provenance: { ...slower.run.provenance, engine: "k6 v9" } }));
  const { exitCode, stdout, stderr } = await called(["compare", one, two]);
  t.is(exitCode, 0, stderr);
  t.regex(stdout, /\n\nRegression: /);
  const gates = JSON.parse((await called(["compare", one, two, "--format", "json"])).stdout);
  t.like(gates, [
    { decision: "pass", candidate: { profile: { name: "baseline" } }, differences: [{ kind: "engine" }] },
    { decision: "regression", candidate: { profile: { name: "candidate" } }, caveats: [{ code: "sequential-arms" }] },
  ]);
  t.is((await called(["compare", one, two, "--format", "md"])).stdout.match(/^## /gm)?.length, 2);
});

test("compare: runs without a profile in common", async (t) => {
  const out = await temporaryFolder(t);
  const { run, trials } = portExhaustionRun(1);
  const one = storeStory(out, { run: { ...run, profiles: run.profiles.slice(1) }, trials });
  const { exitCode, stderr } = await called(["compare", storeStory(out, again(twoBuilds(2, 1))), one]);
  t.is(exitCode, 2);
  t.regex(stderr, /no profile in common\n {2}.* has baseline, candidate; .* has reuse, range, backlog, all/);
});

/** What is typed, and what is said: exit 2 each. */
const mistakes: [string[], RegExp][] = [
  [
    ["--candidate", "candidat"],
    /no profile candidat in run .*; did you mean "candidate"\?\n {2}it has baseline, candidate/,
  ],
  [["--baseline", "nothing-like-it"], /no profile nothing-like-it in run [^;]*\n {2}it has baseline, candidate/],
  [["--candidate", "baseline"], /baseline and candidate are both baseline/],
  [["--format", "html"], /no format html\n {2}one of terminal, md, json, junit/],
  [["--allow", "cpu,,kernal"], /no difference kernal; did you mean "kernel"\?\n {2}one of cpu, memory, kernel, /],
  [["--allow", "cpu"], /--allow is for two runs/],
  [["--json", "same.out", "--md", "./same.out"], /two reports can't both be same\.out\n {2}name another file/],
  [["--md", "/nowhere/at/all/x.md"], /can't write \/nowhere\/at\/all\/x\.md: /],
];

for (const [args, said] of mistakes) {
  test(`gate ${args.join(" ")}: exit 2, with what is meant`, async (t) => {
    const out = await temporaryFolder(t);
    storeStory(out, twoBuilds(2, 1));
    const { exitCode, stdout, stderr } = await called(["gate", "latest", "--results", out, ...args]);
    t.is(exitCode, 2, stderr);
    t.is(stdout, "");
    t.regex(stderr, said);
  });
}

test("gate: a run that is not there, the same run twice, three runs, no candidate named among several", async (t) => {
  const out = await temporaryFolder(t);
  const folder = storeStory(out, portExhaustionRun(1));
  const missing = await called(["gate", "20990101T000000Z-x-0000", "--results", out]);
  t.is(missing.exitCode, 2);
  t.regex(missing.stderr, /no run 20990101T000000Z-x-0000/);
  t.regex((await called(["gate", folder, folder])).stderr, /both are run .*\n {2}name two runs, or one run with/);
  t.regex((await called(["gate", folder, folder, folder])).stderr, /a gate takes one run or two, not 3/);
  const several = await called(["gate", folder]);
  t.is(several.exitCode, 2);
  t.regex(several.stderr, /which profile of .* is the candidate\?\n {2}--candidate reuse \| range \| backlog \| all/);
});

test("gate: a run without a finished trial", async (t) => {
  const out = await temporaryFolder(t);
  const folder = storeStory(out, { ...twoBuilds(2, 1), trials: [] });
  const { exitCode, stderr } = await called(["gate", folder]);
  t.is(exitCode, 2);
  t.regex(stderr, /holds no finished trial/);
  t.false(existsSync(join(folder, "gate.json")));
});

test("gate of two runs: which profile is the candidate is asked where there are several", async (t) => {
  const out = await temporaryFolder(t);
  const one = storeStory(out, twoBuilds(8, 1));
  const two = storeStory(out, again(twoBuilds(8, 2.3)));
  const { exitCode, stdout, stderr } = await called(["gate", one, two]);
  t.is(exitCode, 2, stdout);
  t.regex(stderr, /which profile of .* is the candidate\?\n {2}--candidate baseline \| candidate/);
});

test("compare: one run with itself is refused", async (t) => {
  const out = await temporaryFolder(t);
  const one = storeStory(out, twoBuilds(2, 1));
  const { exitCode, stderr } = await called(["compare", one, one]);
  t.is(exitCode, 2);
  t.regex(stderr, /both are run .*\n {2}name two runs/);
});

test("gate writes through links, and into pipes: what is there is not replaced by a file", async (t) => {
  const out = await temporaryFolder(t);
  storeStory(out, twoBuilds(10, 1));
  const [pipe, link, target] = ["pipe", "link.md", "target.md"].map((name) => join(out, name)) as [
    string,
    string,
    string,
  ];
  await execa("mkfifo", [pipe]);
  writeFileSync(target, "old");
  symlinkSync(target, link);
  const reader = execa("cat", [pipe]);
  const { exitCode, stderr } = await tunebench(["gate", "latest", "--results", out, "--json", pipe, "--md", link]);
  if (!statSync(pipe).isFIFO()) reader.kill();
  t.is(exitCode, 0, stderr);
  t.true(statSync(pipe).isFIFO());
  t.is(JSON.parse((await reader).stdout).decision, "pass");
  t.true(lstatSync(link).isSymbolicLink());
  t.regex(readFileSync(target, "utf8"), /^## /);
});
