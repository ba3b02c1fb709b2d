/**
 * `npm test`: brings the parts that tests need (Debian, root), runs each kind of test, and ends with the minutes that each kind took,
 * the slowest files, and `N passed, N failed, N skipped`. Arguments choose kinds: node test/run.ts unit cli. `npm run test:soak`
 * is the long ones, `npm run test:kubernetes` those on a real cluster: one-node, which they bring up, or the user's own with
 * `npm run test:kubernetes -- --context NAME`; `npm run test:truth` puts real bottlenecks into real services,
 * `npm run test:truth -- --all` all that there are.
 */
import { existsSync, globSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { bundleClientNode } from "../build/client-node.ts";
import { leftovers } from "../clusters/one-node/down.ts";
import { bundledClientVariable } from "./helpers/bundled-client.ts";
import { failedFiles, heldIn, mostAgain, withoutFiles } from "./helpers/failed-files.ts";
import { present } from "./helpers/machine-parts.ts";
import { mayTakeDown } from "./helpers/one-node.ts";
import { prepare } from "./helpers/preparations.ts";
import { allowedKeys, broughtUp } from "./helpers/test-cluster.ts";
import { budgetLines, readTimes, slowestLines, timesVariable } from "./helpers/times.ts";
import { allVariable, readTruth, truthLines, truthVariable } from "./truth/table.ts";

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * What a kind's files, or those of its folder, came to; `failures` is what ava says of each test that failed, empty where none did. `again`:
 * files that failed beside others and did not by themselves, and how they failed; empty where none did.
 */
interface Result extends Count {
  failures: string;
  again: string;
}

/**
 * In the order they run. Pure tests need nothing of the machine: they run side by side, while the others' parts are brought. Of the
 * others as many files run at a time as is said here, since most of them mostly wait; those in the kind's folder `alone` load the
 * machine, or change what the others stand on, and come after them one by one; those in `all` come with --all alone. What takes
 * longer than a CI should wait runs only when it is asked for. A kind that leaves the machine half idle runs `beside` another such.
 */
const kinds: Record<string, { pure?: true; atATime?: number; asked?: true; beside?: string }> = {
  unit: { pure: true },
  cli: { atATime: 2 },
  hostile: { atATime: 2 },
  integration: { atATime: 3 },
  observe: { atATime: 2 },
  find: { atATime: 1, beside: "observe" },
  browser: { atATime: 1 },
  truth: { atATime: 2, asked: true },
  soak: { atATime: 1, asked: true },
  kubernetes: { atATime: 3, asked: true },
};

/** Holds what one run leaves for the next, and for its own end. Absolute: what tests start has other folders of its own. */
const cache = resolve("node_modules/.cache/tunebench-tests");

/** Each file's thread, and each process that tests start, loads the same modules anew: compiled once, that takes half the time. */
const compileCache = { NODE_COMPILE_CACHE: join(cache, "compiled") };

process.exitCode = await main();

async function main(): Promise<number> {
  const { positionals: asked, values } = parseArgs({
    allowPositionals: true,
    options: { context: { type: "string" }, all: { type: "boolean", default: false } },
  });
  if (values.all) process.env[allVariable] = "1";
  if (values.context !== undefined) process.env.TUNEBENCH_TEST_CONTEXT = values.context;
  const chosen = asked.length > 0 ? asked : Object.keys(kinds).filter((name) => kinds[name]?.asked !== true);
  const unknown = chosen.find((kind) => kinds[kind] === undefined);
  if (unknown !== undefined) throw new Error(`no kind of test named ${unknown}: ${Object.keys(kinds).join(", ")}`);
  const list = emptyList("times", timesVariable);
  const told = emptyList("truth", truthVariable);
  const { results, secondsByKind } = await runAll(chosen);
  const truth = truthLines(readTruth(told));
  if (truth.length > 0) console.log(`\n== truth\n${truth.join("\n")}`);
  const times = [...budgetLines(secondsByKind), "", "the slowest files:", ...slowestLines(readTimes(list), 20)];
  console.log(`\n== time\n${times.join("\n")}`);
  // Once more at the end: the log of a CI is read from there, and is often kept in part.
  for (const { failures } of results) if (failures !== "") console.log(`\n== failed\n${failures}`);
  for (const { again } of results) if (again !== "") console.log(`\n== failed at first, and not by itself\n${again}`);
  const { passed, failed, skipped } = sumOf(results);
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed !== 0 || passed === 0 ? 1 : 0;
}

/** A file to which tests add lines, by a variable of theirs. */
function emptyList(name: string, variable: string): string {
  mkdirSync(cache, { recursive: true });
  const list = join(cache, `${name}-${process.pid}.ndjson`);
  rmSync(list, { force: true });
  process.env[variable] = list;
  process.once("exit", () => rmSync(list, { force: true }));
  return list;
}

/** Runs the kinds one after another; the machine's parts are brought beside those that need none. */
async function runAll(chosen: string[]): Promise<{ results: Result[]; secondsByKind: Map<string, number> }> {
  const needing = chosen.filter((kind) => kinds[kind]?.pure !== true);
  const prepared = needing.length > 0 ? prepare(needing) : Promise.resolve();
  const results: Result[] = [];
  const secondsByKind = new Map<string, number>();
  for (const turn of inTurns(chosen)) {
    const title = turn.join(" and ");
    if (turn.some((kind) => needing.includes(kind))) await prepared;
    const startedMs = performance.now();
    results.push(...(title === "kubernetes" ? await runOnCluster() : await runKinds(turn)));
    const seconds = (performance.now() - startedMs) / 1000;
    secondsByKind.set(title, seconds);
    console.log(`\n== ${title}: ended\n${budgetLines(new Map([[title, seconds]])).join("\n")}`);
  }
  return { results, secondsByKind };
}

/** The kinds that run at the same time, turn by turn. */
function inTurns(chosen: string[]): string[][] {
  const besideOf = (kind: string) => chosen.find((other) => other === kinds[kind]?.beside);
  const first = [...new Set(chosen)].filter((kind) => besideOf(kind) === undefined);
  return first.map((kind) => [kind, ...chosen.filter((other) => besideOf(other) === kind)]);
}

/** Files share the cluster one-node, which is brought up before them. At the end it goes, unless it was up before. */
async function runOnCluster(): Promise<Result[]> {
  const wasUp = leftovers().length > 0;
  if (!wasUp) process.env[mayTakeDown] = "1";
  // Images are made before pods run, not beside them.
  const images = present("locust") ? ["--locust"] : [];
  if (present("one-node")) {
    const asked = ["--allow-unsafe-sysctls", allowedKeys.join(","), ...images];
    if (await ownCluster("up", "one-node", ...asked)) process.env[broughtUp] = "1";
  }
  const results = await runKinds(["kubernetes"]);
  delete process.env[broughtUp];
  if (!wasUp && leftovers().length > 0) await ownCluster("down", "one-node");
  return results;
}

/** Whether it did so. Its progress is shown: the first time it builds Kubernetes. */
async function ownCluster(...args: string[]): Promise<boolean> {
  const command = ["harness/main.ts", "cluster", ...args];
  return !(await execa(process.execPath, command, { stdio: "inherit", reject: false })).failed;
}

async function runKinds(names: string[]): Promise<Result[]> {
  const title = names.join(" and ");
  if (names.every((name) => kinds[name]?.pure === true)) return [resultOf(await runAva(title, filesOf(names, "**/")))];
  const atATime = names.reduce((sum, name) => sum + (kinds[name]?.atATime ?? 1), 0);
  const lighter = names.includes("kubernetes") ? await lighterLoading() : [];
  const results = [await runOnMachine(title, [...filesOf(names), ...together(atATime), ...lighter])];
  const oneByOne = ["alone", ...(process.env[allVariable] === "1" ? ["all"] : [])];
  for (const folder of oneByOne) {
    const having = names.filter((name) => existsSync(`test/${name}/${folder}`));
    if (having.length === 0) continue;
    const files = [...filesOf(having, `${folder}/`), ...together(1), ...lighter];
    results.push(await runOnMachine(`${having.join(" and ")}, ${folder}`, files));
  }
  return results;
}

function filesOf(names: string[], folder = ""): string[] {
  return names.map((name) => `test/${name}/${folder}*.test.ts`);
}

/** Each thread of Kubernetes' tests loads what harness/ uses of client-node as one file, in place of the thousand that it has; ava's arguments for it. */
async function lighterLoading(): Promise<string[]> {
  const bundle = join(cache, "client-node.mjs");
  await bundleClientNode(bundle);
  process.env[bundledClientVariable] = bundle;
  return [`--node-arguments=--import=${resolve("test/helpers/bundled-client.ts")}`];
}

/** ava's --serial runs the tests of a file one by one, and the files too. */
function together(files: number): string[] {
  return files === 1 ? ["--serial", "--concurrency=1"] : [`--concurrency=${files}`];
}

/**
 * Runs files that stand on the machine. A few that failed run again by themselves: what others took of the machine meanwhile must not
 * decide, and that it happened is told at the end.
 */
async function runOnMachine(title: string, args: string[]): Promise<Result> {
  const first = await runAva(title, args);
  const failed = failedFiles(first.output, globSync(args));
  if (first.exitCode === 0 || failed === null || failed.length > mostAgain) return resultOf(first);
  const second = await runAva(`${title}, again`, [...failed, ...together(1)]);
  const result = resultOf(second);
  const { passed, skipped } = countFrom(withoutFiles(first.output, failed));
  const sum = { ...result, passed: passed + result.passed, skipped: skipped + result.skipped };
  const beside = [...failed, "", detailsIn(first.output)].join("\n");
  if (second.exitCode === 0) return { ...sum, again: beside };
  return { ...sum, failures: `beside others: ${beside}\nby themselves:\n${result.failures}` };
}

/** Runs ava on some files. */
async function runAva(title: string, args: string[]) {
  console.log(`\n== ${title}`);
  const child = execa("ava", args, {
    preferLocal: true,
    reject: false,
    all: true,
    buffer: true,
    env: { NO_COLOR: "1", ...compileCache },
  });
  child.all.pipe(process.stdout);
  const { all, exitCode } = await child;
  return { output: all, exitCode };
}

/** Its own summary is counted; a crash without one counts as a failure. */
function resultOf({ output, exitCode }: Awaited<ReturnType<typeof runAva>>): Result {
  const count = countFrom(output);
  if (exitCode !== 0 && count.failed === 0) count.failed = 1;
  return { ...count, failures: count.failed > 0 ? detailsIn(output) : "", again: "" };
}

/** ava tells of the tests that failed after a rule below the list of all, and of those that hang before it; a crash may come without one. */
function detailsIn(output: string): string {
  const lines = output.split("\n");
  const rule = lines.indexOf("  ─");
  return [...heldIn(output), ...lines.slice(rule === -1 ? -40 : rule + 1).slice(0, 200)].join("\n");
}

function sumOf(counts: Count[]): Count {
  const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** ava's summary leaves out what passed where something failed: those are counted by their lines. */
function countFrom(output: string): Count {
  const lines = (pattern: RegExp) => [...output.matchAll(pattern)].length;
  const sum = (pattern: RegExp) => [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
  return {
    passed: lines(/^ {2}✔ /gm),
    failed: sum(/^ {2}(\d+) (?:tests? failed|uncaught exceptions?|unhandled rejections?|tests? remained pending)/gm),
    skipped: lines(/^ {2}- \[skip\] /gm),
  };
}
