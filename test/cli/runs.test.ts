/** A folder of runs: `list --runs` and `report --index`. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { called } from "../helpers/calls.ts";
import { temporaryFolder } from "../helpers/cli.ts";
import { runOnDay } from "../helpers/runs-in-time.ts";
import { storeStory } from "../helpers/stored-run.ts";

test("list --runs: each run with its verdict, as text and as data; a damaged one is named and stops nothing", async (t) => {
  const out = await temporaryFolder(t);
  const [first] = [1, 2].map((day) => storeStory(out, runOnDay(day, "6.18.0")));
  writeFileSync(join(first ?? "", "run.json"), "");
  const data = await called(["list", "--runs", "--results", out, "--format", "json"]);
  t.is(data.exitCode, 0, data.stderr);
  const [damaged, whole] = JSON.parse(data.stdout);
  t.regex(damaged.unreadable, /run\.json: damaged record \(empty\)/);
  t.is(whole.state, "done");
  t.is(whole.verdict, "No difference can be told from noise with 2 blocks.");
  const { stdout } = await called(["list", "--runs", "--results", out]);
  t.true(stdout.includes(`${whole.id}\n  done, 6 of 6 trials\n  ${whole.verdict}`));
});

test("list --runs of a folder without one is an empty list", async (t) => {
  const out = await temporaryFolder(t);
  const { exitCode, stdout, stderr } = await called(["list", "--runs", "--results", out, "--format", "json"]);
  t.is(exitCode, 0);
  t.deepEqual(JSON.parse(stdout), []);
  t.regex(stderr, /there is no run below/);
});

test("report --index: a page beside the runs, or the same in another form", async (t) => {
  const out = await temporaryFolder(t);
  for (const day of [1, 2]) storeStory(out, runOnDay(day, `6.18.${day}`));
  const index = (...args: string[]) => called(["report", "--index", "--results", out, ...args]);
  const { exitCode, stdout, stderr } = await index();
  t.is(exitCode, 0, stderr);
  t.is(stdout, join(out, "index.html"));
  t.regex(readFileSync(stdout, "utf8"), /^<!doctype html>.*2 runs of 1 suite/s);
  const { trends } = JSON.parse((await index("--format", "json")).stdout);
  t.deepEqual(
    trends[0].profiles[0].points[1].changes.map(({ kind }: { kind: string }) => kind),
    ["kernel"],
  );
  t.regex((await index("--format", "terminal")).stdout, /^2 runs of 1 suite\n/);
});

test("report --index: what can't be meant", async (t) => {
  const out = await temporaryFolder(t);
  for (const [args, words] of [
    [["--index"], /there is no run below/],
    [["--index", "latest"], /it takes no run/],
    [["--index", "--push", "http://127.0.0.1:9/v1/metrics"], /it takes no --push/],
    [[], /missing required argument 'run'\n {2}.*--index/],
  ] as [string[], RegExp][]) {
    const { exitCode, stderr } = await called(["report", ...args, "--results", out]);
    t.is(exitCode, 2);
    t.regex(stderr, words);
  }
  storeStory(out, runOnDay(1, "6.18.0"));
  const { exitCode, stderr } = await called(["report", "--index", "--results", out, "--format", "csv"]);
  t.is(exitCode, 2);
  t.regex(stderr, /one of html, md, json, terminal/);
  t.false(existsSync(join(out, "index.html")));
});
