/** What the command line says of itself, and of words that it does not know. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { called } from "../helpers/calls.ts";
import { temporaryFolder, treeFile, tunebench } from "../helpers/cli.ts";
import { present } from "../helpers/machine-parts.ts";

test("--help names every command, fits 80 columns and holds no escape codes", async (t) => {
  const { exitCode, stdout, stderr } = await tunebench(["--help"]);
  t.is(exitCode, 0);
  t.is(stderr, "");
  for (const name of [
    "run",
    "plan",
    "report",
    "gate",
    "compare",
    "cluster",
    "doctor",
    "explain",
    "init",
    "list",
    "clean",
    "schema",
  ]) {
    t.regex(stdout, new RegExp(`^  ${name} `, "m"));
  }
  t.false(stdout.includes("\u001B"));
  for (const line of stdout.split("\n")) t.true(line.length <= 80, line);
});

test("--version is the package's", async (t) => {
  const { version } = JSON.parse(readFileSync(treeFile("package.json"), "utf8"));
  t.like(await tunebench(["--version"]), { exitCode: 0, stdout: version, stderr: "" });
});

/** Arguments, and what the answer must name. */
const wrong: [string[], RegExp][] = [
  [["rnu"], /unknown command 'rnu'\n\(Did you mean run\?\)/],
  [["run", "--profils", "x"], /unknown option '--profils'\n\(Did you mean --profiles\?\)/],
  [["run", "--out", "elsewhere", "SUITE"], /'--out <dir>' .*The folder that holds runs is --results DIR\./],
  [["resume", "latest", "--out", "elsewhere"], /--results DIR/],
  [["clean", "--out", "elsewhere"], /--results DIR/],
  [["run", "--format", "pdf", "SUITE"], /no format pdf\n {2}one of html, md, csv, json, terminal/],
  [["run", "--blocks", "0", "SUITE"], /'--blocks <n>'.* '0' .*whole number from 1 to 1000/],
  [["run", "--blocks", "1.5", "SUITE"], /'--blocks <n>'.* '1.5' /],
  [["plan", "--seed", "x", "SUITE"], /'--seed <n>'.* 'x' .*whole number from 0 to 4294967295/],
  [["run", "--seed", "4294967296", "SUITE"], /'--seed <n>'/],
  [["run", "--profiles", "baselin", "SUITE"], /no profile "baselin"; did you mean "baseline"\?\n {2}.*reuse, range/],
  [["run", "--profiles", "", "SUITE"], /no profile ""/],
  [["run", "--cluster", "lcal", "SUITE"], /no cluster lcal; did you mean "local"\?\n {2}known: local/],
  [
    ["find", "SUITE", "--keys", "net.core.somaxcon"],
    /--keys: nothing is known of .*; did you mean "net\.core\.somaxconn"\?/,
  ],
  [["find", "SUITE", "--keys", "upstreams.bd.net.core.somaxconn"], /no upstream .*bd; did you mean "db"\?/],
  [["find", "SUITE", "--budget", "20"], /--budget: 20 can't be used; use a time with its unit/],
  [["find", "SUITE", "--write", "SUITE"], /is not empty\n {2}name another folder with --write DIR/],
  [["doctor", "--cluster", "lcal"], /no cluster lcal/],
  [["doctor", "--cluster", "one-node", "--keys", "net.core.somaxconn,../x"], /"\.\.\/x" is not a sysctl's name/],
  [["doctor", "--probe"], /--probe is for clusters of Kubernetes/],
  [["doctor", "--routes"], /--routes is for clusters of Kubernetes/],
  [
    ["doctor", "--cluster", "kind", "--routes", "--keys", "vm.swappiness=1"],
    /--keys: vm\.swappiness is the machine's own/,
  ],
  [
    ["doctor", "--cluster", "kind", "--routes", "--keys", "kernel.shmmax"],
    /no value .*\n {2}say one: --keys kernel\.shmmax=VALUE/,
  ],
  [["doctor", "--format", "jsn"], /no format jsn; did you mean "json"\?/],
  [["cluster", "up", "one-node", "--tuning-sysctls", "kernel.sem=1"], /"kernel.sem=1" is not a setting of net\.\*/],
  [["run", "--k6", "/bin/true", "SUITE"], /--k6 \/bin\/true: doesn't answer `version` as k6 does/],
  [["run", "nowhere"], /no suite here: .*nowhere/],
  [["plan"], /no suite here/],
  [["plan", "SUITE", "more"], /too many arguments for 'plan'/],
  [["cluster"], /Usage: tunebench cluster/],
  [["cluster", "up", "onenode"], /can't start a cluster onenode; did you mean "one-node"\?/],
  [
    ["cluster", "up", "one-node", "--allow-unsafe-sysctls", "net.core.somaxconn,tcp tw"],
    /"tcp tw" is not a sysctl's name/,
  ],
  [["cluster", "down"], /missing required argument 'name'/],
  [["report"], /missing required argument 'run'/],
  [["report", "latest"], /no run latest\n {2}there is no run below results/],
  [["report", "../../etc"], /no run \.\.\/\.\.\/etc/],
  [["init", "--scenario", "nope"], /no scenario nope\n {2}one of accept-queue, .*keep-alive/],
];

for (const [args, answer] of wrong) {
  test(`exit 2: ${args.join(" ")}`, async (t) => {
    const folder = await temporaryFolder(t);
    const suite = treeFile("scenarios/port-exhaustion");
    const asked = args.map((word) => (word === "SUITE" ? suite : word));
    const { exitCode, stdout, stderr } = await called(asked, { cwd: folder });
    t.is(exitCode, 2, stderr);
    t.is(stdout, "");
    t.regex(stderr, answer);
    t.notRegex(stderr, /\n {4}at |node:internal/, "no stack");
    t.deepEqual(readdirSync(folder), [], "nothing is made");
  });
}

test("schema is the committed one", async (t) => {
  const { exitCode, stdout } = await called(["schema"]);
  t.is(exitCode, 0);
  t.deepEqual(JSON.parse(stdout), JSON.parse(readFileSync(treeFile("suite.schema.json"), "utf8")));
  const clusters = await called(["schema", "--cluster"]);
  t.deepEqual(JSON.parse(clusters.stdout), JSON.parse(readFileSync(treeFile("cluster.schema.json"), "utf8")));
});

test("list: every scenario with its description and its folder", async (t) => {
  const { exitCode, stdout } = await called(["list"]);
  t.is(exitCode, 0);
  const blocks = stdout.split(/\n(?=\S)/).map((block) => block.split("\n"));
  const folders = readdirSync(treeFile("scenarios")).filter((name) =>
    existsSync(treeFile("scenarios", name, "suite.yaml")),
  );
  t.deepEqual(
    blocks.map(([name]) => name),
    folders,
  );
  for (const [name = "", ...lines] of blocks) {
    const folder = lines.indexOf(`  ${treeFile("scenarios", name)}`);
    t.regex(lines.slice(0, folder).join(" "), /^ {2}[A-Z].{20,}/);
    t.deepEqual(
      lines.filter((line, at) => line.length > 80 && at !== folder),
      [],
    );
    const others = readdirSync(treeFile("scenarios", name)).filter((file) => /^(?!suite\.).*\.yaml$/.test(file));
    t.deepEqual(
      lines.slice(folder + 1).flatMap((line) => /^ {2}(\S+): [A-Z].{20,}/.exec(line)?.[1] ?? []),
      others,
    );
  }
});

test("list and plan as data", async (t) => {
  const [list, plan] = await Promise.all([
    called(["list", "--format", "json"]),
    called(["plan", treeFile("scenarios/port-exhaustion"), "--blocks", "1", "--seed", "3", "--format", "json"]),
  ]);
  const scenarios: { name: string; folder: string }[] = JSON.parse(list.stdout);
  t.deepEqual(
    scenarios.map(({ folder }) => folder),
    scenarios.map(({ name }) => treeFile("scenarios", name)),
  );
  const { profiles, order, seed } = JSON.parse(plan.stdout);
  t.deepEqual(order.map(({ profile }: { profile: string }) => profile).toSorted(), profiles.toSorted());
  t.is(seed, 3);
});

test("plan: the order by its seed, and not a file touched", async (t) => {
  const folder = await temporaryFolder(t);
  const args = ["plan", treeFile("scenarios/port-exhaustion"), "--blocks", "2", "--seed", "3"];
  const [first, again, other] = await Promise.all([
    called(args, { cwd: folder }),
    called(args, { cwd: folder }),
    called([...args.slice(0, -1), "4"], { cwd: folder }),
  ]);
  t.is(first?.exitCode, 0, first?.stderr);
  t.is(first?.stdout, again?.stdout);
  t.not(first?.stdout, other?.stdout);
  t.regex(first?.stdout ?? "", /28,232/);
  for (const line of (first?.stdout ?? "").split("\n")) t.true(line.length <= 80, line);
  t.deepEqual(readdirSync(folder), []);
});

test("doctor: a line for each capability, and whether this machine can", async (t) => {
  const { exitCode, stdout } = await tunebench(["doctor"]);
  t.regex(stdout, /^(ok {5}|missing) {2}platform: /m);
  t.regex(stdout, /^(ok {5}|missing) {2}k6: /m);
  t.is(exitCode, /can run experiments/.test(stdout) ? 0 : 3);
  if (present("namespaces") && present("k6")) t.is(exitCode, 0, stdout);
  const told = await tunebench(["doctor", "--format", "json"]);
  const { machine, cluster } = JSON.parse(told.stdout);
  t.deepEqual([machine.able, cluster], [exitCode === 0, null]);
  t.is(stdout.split("\n").filter((line) => /^\S+ +\S+: /.test(line)).length, machine.capabilities.length);
});

test("doctor without any tool: what is missing, with its remedy, exit 3", async (t) => {
  const folder = await temporaryFolder(t);
  const env = { PATH: folder, HOME: folder, XDG_CACHE_HOME: folder, TUNEBENCH_K6: join(folder, "no-k6") };
  const { exitCode, stdout, stderr } = await tunebench(["doctor"], { env, extendEnv: false });
  t.is(exitCode, 3, stdout + stderr);
  t.regex(stdout, /^missing {2}k6: .*\n( {9}.*\n)* {9}remedy: give the path of a k6 v2/m);
  t.regex(stdout, /This machine can't run experiments yet/);
});
