/** Links and special files, put where someone else may write: nothing is followed, nothing hangs. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { answerOf } from "../../harness/core/answer-of.ts";
import { readRegular } from "../../harness/core/read-regular.ts";
import { bundleScript } from "../../harness/engines/k6/bundle-script.ts";
import { copySuite, digestsOf } from "../../harness/experiment/copy-suite.ts";
import { markRunning } from "../../harness/results/running.ts";
import { openTrialFolder, removePartialTrials, writeWhole } from "../../harness/results/write.ts";
import { loadSuite } from "../../harness/suite/load-suite.ts";
import { called } from "../helpers/calls.ts";
import { temporaryFolder, tunebench } from "../helpers/cli.ts";
import { storeRun } from "../helpers/stored-run.ts";
import { suiteText } from "../helpers/suite-files.ts";

const bug = 70;

async function storedBelow(t: ExecutionContext) {
  const out = join(await temporaryFolder(t), "results");
  mkdirSync(out);
  return { out, ...storeRun(out) };
}

/** A file that must stay as it is. */
async function victimOf(t: ExecutionContext): Promise<string> {
  const victim = join(await temporaryFolder(t), "victim");
  writeFileSync(victim, "untouched");
  return victim;
}

function pipe(path: string): string {
  execFileSync("mkfifo", [path]);
  return path;
}

test("a run's folders are its user's alone, and so are its files", async (t) => {
  const { folder } = await storedBelow(t);
  await called(["report", folder]);
  t.is(statSync(folder).mode & 0o777, 0o700);
  const open = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (statSync(join(entry.parentPath, entry.name)).mode & 0o077) !== 0)
    .map(({ name }) => name);
  t.deepEqual(open, []);
});

test("no link is followed that lies where a report, a mark or a record is written", async (t) => {
  const victim = await victimOf(t);
  const { folder } = await storedBelow(t);
  for (const name of ["report.html", "report.md", "analysis.json"]) {
    symlinkSync(victim, join(folder, name));
    symlinkSync(victim, join(folder, `${name}.partial-${process.pid}`));
  }
  for (const name of ["report.md", "analysis.json"]) writeWhole(join(folder, name), "ours");
  symlinkSync(victim, join(folder, `.running.partial-${process.pid}`));
  markRunning(folder);
  rmSync(join(folder, ".running"));
  t.is((await called(["report", folder])).exitCode, 0);
  t.is(readFileSync(victim, "utf8"), "untouched");
  t.true(lstatSync(join(folder, "report.html")).isFile());
});

test("a run whose trials or suite are a link is refused by all that read it", async (t) => {
  for (const name of ["trials", "suite"]) {
    const { folder, out } = await storedBelow(t);
    const elsewhere = join(await temporaryFolder(t), name);
    mkdirSync(join(elsewhere, ".partial-keep"), { recursive: true });
    rmSync(join(folder, name), { recursive: true, force: true });
    symlinkSync(elsewhere, join(folder, name));
    for (const args of [["report"], ["gate"], ["resume"], ["compare", folder]]) {
      const { exitCode, stderr } = await called([...args, folder]);
      t.is(exitCode, 2, args[0]);
      t.regex(stderr, new RegExp(`${name} is a link`));
    }
    t.is((await called(["clean", "--results", out])).exitCode, 0);
    t.true(existsSync(join(elsewhere, ".partial-keep")));
  }
});

test("a trial that is a link is not believed, and none is written through one", async (t) => {
  const { folder, trials } = await storedBelow(t);
  const [first = ""] = trials;
  const elsewhere = join(await temporaryFolder(t), "trial");
  renameSync(first, elsewhere);
  symlinkSync(elsewhere, first);
  const { exitCode, stdout } = await called(["report", folder, "--format", "terminal"]);
  t.is(exitCode, 0);
  t.regex(stdout.replace(/\s+/g, " "), /is a link/);
  const aside = join(await temporaryFolder(t), "trials");
  renameSync(join(folder, "trials"), aside);
  symlinkSync(aside, join(folder, "trials"));
  const planned = { sequence: 9, block: 9, profile: "x" };
  t.throws(() => openTrialFolder(folder, planned), { message: /is a link/ });
  t.throws(() => removePartialTrials(folder), { message: /is a link/ });
});

test("the copy of a suite goes through no link", async (t) => {
  const victim = await victimOf(t);
  const [from, run] = [await temporaryFolder(t), await temporaryFolder(t)];
  writeFileSync(join(from, "suite.yaml"), suiteText("ports"));
  writeFileSync(join(from, "load.ts"), "export default () => {};");
  writeFileSync(join(from, "k8s.yaml"), "");
  const { digests } = digestsOf(await loadSuite(from), join(from, "results"));
  mkdirSync(join(run, "suite"));
  symlinkSync(victim, join(run, "suite/load.ts"));
  t.throws(() => copySuite(digests, from, join(run, "suite")), { message: /is a link/ });
  t.is(readFileSync(victim, "utf8"), "untouched");
});

test("clean: dangling links, links to folders and unreadable folders are no bug, and nothing behind them goes", async (t) => {
  const { out, folder } = await storedBelow(t);
  const elsewhere = await temporaryFolder(t);
  mkdirSync(join(elsewhere, "trials", ".partial-keep"), { recursive: true });
  writeFileSync(join(elsewhere, "run.json"), readFileSync(join(folder, "run.json")));
  symlinkSync("/nowhere", join(out, "20261121T080225Z-dangling-3f9a"));
  symlinkSync(elsewhere, join(out, "20261121T080225Z-linked-3f9a"));
  symlinkSync("/nowhere", join(folder, `x.partial-${2 ** 22 + 1}`));
  mkdirSync(join(out, "20261121T080225Z-others-3f9a"), { mode: 0o000 });
  const { exitCode, stderr } = await called(["clean", "--results", out]);
  t.is(exitCode, 0, stderr);
  t.true(existsSync(join(elsewhere, "trials", ".partial-keep")));
});

test("special files in place of records hang nobody", async (t) => {
  for (const name of ["run.json", "trial.json", "windows.ndjson", "suite.yaml"]) {
    for (const put of [pipe, linkTo("/dev/zero"), linkTo("/proc/self/pagemap")]) {
      const { folder, trials, out } = await storedBelow(t);
      const suite = await temporaryFolder(t);
      const place = name === "suite.yaml" ? suite : name === "run.json" ? folder : (trials[0] ?? "");
      rmSync(join(place, name), { force: true });
      put(join(place, name));
      const asked =
        name === "suite.yaml"
          ? [
              ["plan", suite],
              ["run", suite],
            ]
          : [
              ["report", folder],
              ["gate", folder, "--candidate", "reuse"],
              ["clean", "--results", out],
            ];
      for (const args of asked) {
        const { exitCode } = await called(args);
        t.not(exitCode, bug, `${args[0]} with ${name}`);
      }
    }
  }
});

function linkTo(target: string) {
  return (path: string) => symlinkSync(target, path);
}

test("special files in a suite's folder, and where a report is to go, hang nobody", async (t) => {
  const { folder, out } = await storedBelow(t);
  for (const put of [pipe, linkTo("/dev/zero"), linkTo("/proc/self/pagemap")]) {
    const suite = await temporaryFolder(t);
    writeFileSync(join(suite, "suite.yaml"), suiteText("ports"));
    put(join(suite, "load.ts"));
    put(join(suite, "x.yaml"));
    const { exitCode, stderr } = await called(["plan", suite]);
    t.is(exitCode, 2, stderr);
    t.regex(stderr, /there is no file "load.ts"/);
  }
  const into = ["gate", folder, "--candidate", "reuse", "--md", pipe(join(out, "pipe"))];
  t.is((await called(into)).exitCode, 2);
  const from = ["deliver", folder, "--profile", "reuse", "--platform", "kubeadm", "--from", join(out, "pipe")];
  t.is((await called([...from, "--results", out])).exitCode, 2);
});

test("a script that imports a special file is refused", async (t) => {
  const folder = await temporaryFolder(t);
  writeFileSync(join(folder, "load.ts"), 'import "./other.ts";\nexport default () => {};\n');
  for (const put of [pipe, linkTo("/dev/zero"), linkTo("/proc/self/pagemap")]) {
    rmSync(join(folder, "other.ts"), { force: true });
    put(join(folder, "other.ts"));
    await t.throwsAsync(bundleScript(join(folder, "load.ts")), { message: /other\.ts|zero|pagemap/ });
  }
});

test("a file without an end is read to its bound", (t) => {
  t.throws(() => readRegular("/proc/self/pagemap", { mostBytes: 2 ** 20 }), { code: "EFBIG" });
  t.throws(() => readRegular("/dev/zero"), { code: "EINVAL" });
});

test("a k6 that leaves a child behind with its pipe, or never answers, does not hang doctor", async (t) => {
  const folder = await temporaryFolder(t);
  const k6 = join(folder, "k6");
  writeFileSync(
    k6,
    '#!/bin/sh\nsleep 300 &\necho $! > "$(dirname "$0")/child"\necho "k6 v2.2.0 (go1.26.8, linux/amd64)"\n',
  );
  chmodSync(k6, 0o755);
  const { stdout } = await tunebench(["doctor"], { timeout: 30_000, env: { TUNEBENCH_K6: k6 } });
  t.regex(stdout, /v2\.2\.0/);
  const child = Number(readFileSync(join(folder, "child"), "utf8"));
  t.false(isSleeping(child), "the child that it left behind has ended");
  const answer = await answerOf("/bin/sh", ["-c", "yes"], 300);
  t.regex(answer.failure ?? "", /no answer/);
  t.true(answer.stdout.length <= 64 * 1024);
});

/** A process that is dead and not reaped counts as ended. */
function isSleeping(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return (
    !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8")) &&
    basename(readFileSync(`/proc/${pid}/comm`, "utf8").trim()) === "sleep"
  );
}
