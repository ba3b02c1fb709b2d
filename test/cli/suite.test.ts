/** Suites and places that can't be run: said with their place before anything is made. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { called } from "../helpers/calls.ts";
import { temporaryFolder, treeFile } from "../helpers/cli.ts";
import { testNeeding } from "../helpers/parts.ts";
import { suiteFiles } from "../helpers/suite-files.ts";
import { openWorld, runWhole, type SuiteChanges } from "../helpers/whole-run.ts";

for (const command of ["run", "plan"]) {
  test(`${command}: every fault of a suite at once, each with its place`, async (t) => {
    const folder = await temporaryFolder(t);
    const file = join(suiteFiles, "many-faults.yaml");
    const { exitCode, stdout, stderr } = await called([command, file], { cwd: folder });
    t.is(exitCode, 2);
    t.is(stdout, "");
    const places = readFileSync(join(suiteFiles, "many-faults.golden.txt"), "utf8").match(/many-faults\.yaml:\d+:\d+/g);
    t.deepEqual(stderr.match(/many-faults\.yaml:\d+:\d+/g), places);
    t.regex(stderr, /unknown key "nmae".*did you mean "name"\?/);
    t.deepEqual(readdirSync(folder), [], "nothing is made");
  });
}

test("a file that is no YAML", async (t) => {
  const folder = await temporaryFolder(t);
  writeFileSync(join(folder, "suite.yaml"), "name: [x\ntarget: }\n");
  const { exitCode, stderr } = await called(["plan", folder]);
  t.is(exitCode, 2);
  t.regex(stderr, /suite\.yaml:\d+:\d+: /);
});

testNeeding(
  ["namespaces", "k6"],
  "a suite for clusters only is refused on this machine, and nothing is made",
  async (t) => {
    const folder = await temporaryFolder(t);
    for (const [suite, says] of [
      [
        "test/fixtures/kubernetes/routes",
        /can't run here:\n {2}profile reversed: route is about pods.*\n(.*\n)+ +run it in a cluster: --cluster NAME/,
      ],
      [
        "test/fixtures/kubernetes/manifest",
        /can't run here:\n {2}target: only its kubernetes form says what runs; here it needs a command\n/,
      ],
    ] as const) {
      const { exitCode, stdout, stderr } = await called(["run", treeFile(suite), "--cluster", "local"], {
        cwd: folder,
      });
      t.is(exitCode, 2, stderr);
      t.is(stdout, "");
      t.regex(stderr, says);
    }
    t.deepEqual(readdirSync(folder), []);
  },
);

test("plan reads a manifest as run does: what is to be known of it, and what is wrong with it, with its place", async (t) => {
  const folder = await temporaryFolder(t);
  cpSync(treeFile("test/fixtures/kubernetes/manifest"), folder, { recursive: true });
  const good = await called(["plan", folder]);
  t.is(good.exitCode, 0, good.stderr);
  t.regex(good.stderr, /^k8s\.yaml:\d+: replicas: 3 is not taken over/m);
  const manifest = join(folder, "k8s.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("kind: Deployment", "kind: Deploymant"));
  const wrong = await called(["plan", folder]);
  t.is(wrong.exitCode, 2);
  t.is(wrong.stdout, "");
  t.regex(wrong.stderr, /k8s\.yaml/);
});

test("plan --find: the steps of a find and what fits into its budget; options that are of run are refused", async (t) => {
  const planned = (...args: string[]) => called(["plan", treeFile("scenarios/port-exhaustion"), ...args]);
  const steps = await planned("--find", "--budget", "10m");
  t.is(steps.exitCode, 0, steps.stderr);
  t.regex(
    steps.stdout,
    /^find port-exhaustion: at most 10 min, in which \d+ trials of at most \d+ s have\s+room\n {2}1\. /,
  );
  const json = await planned("--find", "--keys", "net.core.somaxconn", "--format", "json", "--seed", "7");
  const told = JSON.parse(json.stdout);
  t.like(told, { suite: "port-exhaustion", find: { kind: "find", seed: 7, budgetMs: 1_200_000 } });
  t.deepEqual(
    told.find.candidates.map(({ change }: { change: { key: string } }) => change.key),
    ["net.core.somaxconn"],
  );
  for (const [args, words] of [
    [["--find", "--blocks", "3"], /--find and --blocks: a find has its own trials/],
    [["--budget", "5m"], /--budget is of a find/],
    [["--find", "--keys", "net.core.somaxcon"], /did you mean "net\.core\.somaxconn"/],
  ] as const) {
    const { exitCode, stdout, stderr } = await planned(...args);
    t.is(exitCode, 2);
    t.is(stdout, "");
    t.regex(stderr, words);
  }
});

test("a cluster that is not there is told with the nearest and with what there is; a file of one's own beats ours", async (t) => {
  const folder = await temporaryFolder(t);
  const planned = (cluster: string) =>
    called(["plan", treeFile("scenarios/port-exhaustion"), "--cluster", cluster], { cwd: folder });
  const wrong = await planned("kindd");
  t.is(wrong.exitCode, 2);
  t.regex(
    wrong.stderr,
    /no cluster kindd; did you mean "kind"\?\n.*known: local, eks-karpenter, kind, one-node, openshift/,
  );
  mkdirSync(join(folder, "clusters/kind"), { recursive: true });
  writeFileSync(join(folder, "clusters/kind/cluster.yaml"), "runners: 7\n");
  t.regex((await planned("kind")).stdout, /^Cluster: kind; settings reach the pods by pod-sysctls; k6 in 7 pods\.$/m);
  writeFileSync(join(folder, "clusters/kind/cluster.yaml"), "runner: 7\n");
  t.regex(
    (await planned("kind")).stderr,
    /clusters\/kind\/cluster\.yaml:1:1: unknown key "runner".*did you mean "runners"\?/,
  );
});

test("a cluster that a suite names, and that is not there, is told with its place", async (t) => {
  const folder = await temporaryFolder(t);
  cpSync(treeFile("scenarios/port-exhaustion"), folder, { recursive: true });
  const file = join(folder, "suite.yaml");
  writeFileSync(file, `# mine\ncluster:  kindd\n${readFileSync(file, "utf8")}`);
  writeFileSync(join(folder, "load.ts"), "export default function () {}\n");
  for (const command of ["plan", "run"]) {
    const { exitCode, stderr } = await called([command], { cwd: folder });
    t.is(exitCode, 2);
    t.regex(
      stderr,
      /^tunebench: suite\.yaml:2:11: cluster: no cluster kindd; did you mean "kind"\?\n {2}known: local, /m,
    );
  }
  const { stderr } = await called(["plan", "--cluster", "lcal"], { cwd: folder });
  t.regex(stderr, /no cluster lcal/);
  t.notRegex(stderr, /suite\.yaml/);
});

testNeeding(["namespaces", "k6"], "a key of the machine's own is refused with its place", async (t) => {
  const { stderr } = await refused(t, (suite) => suite.setIn(["profiles", "reuse"], { "vm.swappiness": "10" }));
  t.regex(stderr, /suite\.yaml:\d+:\d+: profiles\.reuse: vm\.swappiness is the machine's own setting/);
});

testNeeding(
  ["namespaces", "k6"],
  "keys the kernel lacks and values it refuses are all named before a trial",
  async (t) => {
    const { stderr } = await refused(t, (suite) => {
      suite.setIn(["profiles", "reuse"], { "net.ipv4.tcp_tw_reuze": "1" });
      suite.setIn(["profiles", "backlog"], { "net.core.somaxconn": "-5" });
    });
    t.regex(stderr, /net\.ipv4\.tcp_tw_reuze.*profile reuse/);
    t.regex(stderr, /net\.core\.somaxconn = "-5".*profile backlog/);
  },
);

testNeeding(["namespaces", "k6"], "a script that can't be parsed: its place, exit 2, no results", async (t) => {
  const files = { "load.ts": "export default function () {\n  request('/';\n}\n" };
  const world = await openWorld(t, { files });
  const { exitCode, stderr } = await runWhole(world);
  t.is(exitCode, 2, stderr);
  t.regex(stderr, /load\.ts:2:14: Expected "\)"/);
  t.false(existsSync(world.out));
});

testNeeding(["namespaces", "k6"], "results that can't be written: exit 4, before a trial", async (t) => {
  const world = await openWorld(t);
  writeFileSync(join(world.folder, "file"), "");
  for (const out of ["file", join("file", "results")]) {
    const { exitCode, stdout, stderr } = await runWhole(world, ["--results", out]);
    t.is(exitCode, 4, stderr);
    t.is(stdout, "");
    t.regex(stderr, /can't write results into .*file(\/results)?: .*\n {2}name another folder with --results DIR/);
  }
});

/** Runs an edited suite, which must end with exit 2 and leave nothing. */
async function refused(t: ExecutionContext, edit: NonNullable<SuiteChanges["edit"]>) {
  const world = await openWorld(t, { edit });
  const result = await runWhole(world);
  t.is(result.exitCode, 2, result.stderr);
  t.is(result.stdout, "");
  t.notRegex(result.stderr, /\n {4}at /);
  t.false(existsSync(world.out));
  return result;
}
