/** What a command loads before it does anything: every start pays for it. `npm run bench -- start` says how much. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { execa } from "execa";
import { jsonText } from "../../harness/core/text.ts";
import { clusterJsonSchema, suiteJsonSchema } from "../../harness/suite/json-schema.ts";
import { temporaryFolder, treeFile, tunebench } from "../helpers/cli.ts";

/** The tree's main: module by module, where dist/ has chunks; the bundle follows the same imports. */
const mainInTree = treeFile("harness/main.ts");

test("--version and --help load the options of all commands, and commander", async (t) => {
  const own = [
    "harness/commands/called-as.ts",
    "harness/commands/cluster-commands.ts",
    "harness/commands/deliver-command.ts",
    "harness/commands/formats.ts",
    "harness/commands/observe-command.ts",
    "harness/commands/one-of.ts",
    "harness/commands/program.ts",
    "harness/commands/results-option.ts",
    "harness/core/errors.ts",
    "harness/core/nearest.ts",
    "harness/core/package-root.ts",
    "harness/core/surroundings.ts",
    "harness/core/text.ts",
    "harness/deliver/platform-names.ts",
    "harness/deliver/selection.ts",
    "harness/main.ts",
  ];
  for (const option of ["--version", "--help"]) {
    const { exitCode, files, packages } = await loadedBy(t, [option]);
    t.is(exitCode, 0);
    t.deepEqual(files, own, option);
    t.deepEqual(packages, ["commander"], option);
  }
});

/** string-width, by which lines are broken, and what it is made of. */
const width = ["ansi-regex", "get-east-asian-width", "string-width", "strip-ansi"];

/** execa and what it is made of. */
const execaWhole = [
  "@sec-ant/readable-stream",
  "@sindresorhus/merge-streams",
  "cross-spawn",
  "execa",
  "figures",
  "get-stream",
  "human-signals",
  "is-plain-obj",
  "is-stream",
  "is-unicode-supported",
  "isexe",
  "npm-run-path",
  "parse-ms",
  "path-key",
  "pretty-ms",
  "shebang-command",
  "shebang-regex",
  "signal-exit",
  "strip-final-newline",
  "which",
  "yoctocolors",
];

/** Commands that people and scripts call often, and the libraries that they may load. */
const quick: [string[], string[]][] = [
  [["list"], ["commander", ...width, "yaml"]],
  [
    ["explain", "net.core.somaxconn"],
    ["commander", ...width],
  ],
  [["schema"], ["commander", "zod"]],
  [
    ["plan", treeFile("scenarios/port-exhaustion")],
    // It bundles the script, and has k6 read it.
    ["commander", ...width, "yaml", "zod", "esbuild", ...execaWhole],
  ],
];

for (const [args, libraries] of quick) {
  test(`${args[0]} loads ${libraries.slice(0, 8).join(", ")} and no other library than is named here`, async (t) => {
    const { exitCode, packages } = await loadedBy(t, args);
    t.is(exitCode, 0);
    t.deepEqual(packages, libraries.toSorted());
  });
}

test("schema prints what the build has made of the forms", async (t) => {
  t.is((await tunebench(["schema"])).stdout, jsonText(suiteJsonSchema()).trimEnd());
  t.is((await tunebench(["schema", "--cluster"])).stdout, jsonText(clusterJsonSchema()).trimEnd());
});

for (const args of [["run", "nowhere"], ["gate", "latest"], ["doctor"], ["clean"]]) {
  test(`${args[0]} at home loads neither a cluster's client nor the page's bundler`, async (t) => {
    const { packages } = await loadedBy(t, args);
    t.deepEqual(
      packages.filter((name) => ["@kubernetes/client-node", "esbuild", "uplot"].includes(name)),
      [],
    );
  });
}

test("what is built starts with its main and its shared chunks, and no library beside them", async (t) => {
  const { files, packages } = await loadedBy(t, ["--version"], treeFile("dist/start.js"));
  t.deepEqual(packages, []);
  t.true(files.every((file) => ["dist/start.js", "dist/main.js"].includes(file) || file.startsWith("dist/chunks/")));
  t.is((await tunebench(["--version"])).exitCode, 0);
});

/** Files of this project and names of packages that a command loads, in order. */
async function loadedBy(t: ExecutionContext, args: string[], main = mainInTree) {
  const folder = await temporaryFolder(t);
  const hook = join(folder, "hook.mjs");
  writeFileSync(hook, tellLoads);
  const { stderr, exitCode } = await execa(process.execPath, ["--import", hook, main, ...args], {
    reject: false,
    cwd: folder,
  });
  const urls = [...stderr.matchAll(/^loads (file:.*)$/gm)].map(([, url]) => decodeURI(new URL(url ?? "").pathname));
  const inPackage = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;
  const packages = urls.flatMap((path) => inPackage.exec(path)?.[1] ?? []);
  const files = urls.filter((path) => !inPackage.test(path)).map((path) => path.slice(treeFile().length + 1));
  return { exitCode, files: files.toSorted(), packages: [...new Set(packages)].toSorted() };
}

/** Loaded before the command: tells every module, CommonJS too. */
const tellLoads = `
import { registerHooks } from "node:module";
import { writeSync } from "node:fs";
registerHooks({
  load(url, context, next) {
    writeSync(2, "loads " + url + "\\n");
    return next(url, context);
  },
});
`;

test("on an older Node the installed command says so before it loads anything: exit 3", async (t) => {
  const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.4" } });';
  const preload = `data:text/javascript,${encodeURIComponent(older)}`;
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    ["--import", preload, treeFile("dist/start.js"), "--version"],
    { reject: false },
  );
  t.deepEqual([exitCode, stdout], [3, ""]);
  t.regex(stderr, /^tunebench: this is Node 20\.19\.4, and 22\.18 or newer is needed\n {2}run it with a newer one/);
  t.notRegex(
    readFileSync(treeFile("dist/start.js"), "utf8"),
    /^import .* from "\.\//m,
    "nothing of ours is read before",
  );
});
