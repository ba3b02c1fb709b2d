/** What npm publishes, installed into an empty folder elsewhere: JavaScript below node_modules, started by name. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import { parseDocument } from "yaml";
import { readRun } from "../../harness/results/read.ts";
import { temporaryFolder } from "../helpers/cli.ts";
import { npmEnv as env, packTree } from "../helpers/packed.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(
  ["namespaces", "k6"],
  "npm pack, npm install elsewhere, npx tunebench init, plan, run, and the library reads the run",
  async (t) => {
    const folder = await temporaryFolder(t);
    const tarball = await packTree(folder);
    const built = () => statSync(join(folder, "tree/dist/main.js")).mtimeMs;
    const builtMs = built();
    await execa("npm", ["run", "prepare"], { cwd: join(folder, "tree"), env });
    t.is(built(), builtMs, "the first npx in a clone prepares it again: nothing is built anew");
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere);
    await execa("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball], { cwd: elsewhere, env });
    const installed = join(elsewhere, "node_modules/tunebench");
    t.deepEqual(readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" }).filter(isTypeScript), []);
    t.false(existsSync(join(installed, "harness")) || existsSync(join(installed, "test")));

    const tunebench = (...args: string[]) =>
      execa("node_modules/.bin/tunebench", args, { cwd: elsewhere, env, reject: false });
    const list = await tunebench("list");
    t.regex(list.stdout, /^port-exhaustion\n {2}A service [^:]*\n {2}tunebench init DIR --scenario port-exhaustion$/m);
    t.false(list.stdout.includes(installed), "Node strips no types below node_modules");
    const init = await execa("npx", ["--no", "tunebench", "init", "experiment"], {
      cwd: elsewhere,
      env,
      reject: false,
    });
    t.is(init.exitCode, 0, init.stderr);
    t.regex(init.stderr, /then npx tunebench run experiment$/, "as it was called");
    const plan = await tunebench("plan", "experiment");
    t.is(plan.exitCode, 0, plan.stderr);
    t.regex(plan.stdout, /28,232/);
    shorten(join(elsewhere, "experiment/suite.yaml"));
    const run = await tunebench("run", "experiment", "--profiles", "baseline");
    t.is(run.exitCode, 0, run.stderr);
    proveRun(t, join(elsewhere, "results"), run.stdout);

    writeFileSync(join(elsewhere, "read.mts"), libraryUse);
    const node24 = { cwd: elsewhere, env };
    await execa("tsc", ["--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "read.mts"], node24);
    const { stdout } = await execa("node", ["read.mts"], node24);
    t.deepEqual(JSON.parse(stdout), { profiles: ["baseline"], fault: "EADDRNOTAVAIL", windows: true, refused: true });
  },
);

/** Compiled against the types that are shipped, and run. */
const libraryUse = `
import run from "tunebench/schema/run.json" with { type: "json" };
import { type Analysis, analyze, findRun, gate, InputError, readRun, readSeries } from "tunebench";
import * as zod from "zod";

const stored = readRun(findRun("latest", "results"));
zod.fromJSONSchema(run as never).parse(stored.run);
const { profiles }: Analysis = analyze(stored);
const [trial] = stored.trials;
let refused = false;
try {
  gate([stored]).decision satisfies "pass" | "regression" | "inconclusive";
} catch (error) {
  refused = error instanceof InputError;
}
console.log(
  JSON.stringify({
    profiles: profiles.map(({ name }) => name),
    fault: trial?.fault?.kind,
    windows: trial !== undefined && readSeries(stored.folder, trial).windows.length > 0,
    refused,
  }),
);
`;

/** What Node would have to strip, and refuses to below node_modules. */
function isTypeScript(name: string): boolean {
  return name.endsWith(".ts") && !name.endsWith(".d.ts");
}

/** 2,000 ports at 800 requests a second: the wall comes within three seconds. */
function shorten(file: string): void {
  const suite = parseDocument(readFileSync(file, "utf8"));
  suite.set("retries", 0);
  suite.setIn(["load", "rate"], "800/s");
  suite.setIn(["target", "sysctls"], { "net.ipv4.ip_local_port_range": "40000 41999" });
  writeFileSync(file, String(suite));
}

function proveRun(t: ExecutionContext, results: string, printed: string): void {
  const [id = ""] = readdirSync(results);
  t.is(printed, join(results, id, "report.html"));
  const { trials } = readRun(join(results, id));
  t.is(trials.length, 1);
  t.like(trials[0], { valid: true, outcome: "broke", fault: { kind: "EADDRNOTAVAIL", side: "target" } });
  t.regex(readFileSync(printed, "utf8"), /EADDRNOTAVAIL|local ports/);
}
