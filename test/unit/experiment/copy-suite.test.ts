import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import test from "ava";
import { copySuite, digestSuite, digestsOf } from "../../../harness/experiment/copy-suite.ts";
import { temporaryFolder } from "../../helpers/cli.ts";
import { suiteOf } from "../../helpers/suites.ts";

/** Writes files whose content is their own path, or what is given. */
function lay(folder: string, paths: string[], text?: string): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text ?? path);
  }
}

function placeOf(folder: string, named: string[] = ["load.ts", "node"], ignore: string[] = []) {
  return { folder, file: join(folder, "suite.yaml"), named, out: join(folder, "out"), ignore };
}

const filesOf = (folder: string, named?: string[]) => Object.keys(digestSuite(placeOf(folder, named)).digests);

test("a suite's files are kept, its packages and results are not", async (t) => {
  const folder = await temporaryFolder(t);
  lay(folder, [
    "suite.yaml",
    "load.ts",
    "lib/k6.ts",
    "node_modules/a/index.js",
    "results/x/run.json",
    ".git/y",
    "out/y",
  ]);
  const copy = digestSuite(placeOf(folder));
  t.deepEqual(Object.keys(copy.digests), ["lib/k6.ts", "load.ts", "suite.yaml"]);
  t.deepEqual(copy.caveats, []);
  const to = join(folder, "out/copy");
  copySuite(copy.digests, folder, to);
  t.is(readFileSync(join(to, "lib/k6.ts"), "utf8"), "lib/k6.ts");
  writeFileSync(join(to, "load.ts"), "cut o");
  const before = statSync(join(to, "suite.yaml"), { bigint: true }).mtimeNs;
  copySuite(copy.digests, folder, to);
  t.is(readFileSync(join(to, "load.ts"), "utf8"), "load.ts", "what is not whole is copied again");
  t.is(statSync(join(to, "suite.yaml"), { bigint: true }).mtimeNs, before, "what is whole stays as it is");
});

test("what the suite ignores is no part of it, but where the suite names it", async (t) => {
  const folder = await temporaryFolder(t);
  lay(folder, [
    "suite.yaml",
    "app.py",
    "__pycache__/app.cpython-313.pyc",
    "dump.rdb",
    "data/a/b.db",
    "data/a/.c",
    "lib/x.rdb",
  ]);
  const of = (ignore: string[], named: string[] = []) =>
    Object.keys(digestSuite(placeOf(folder, named, ignore)).digests);
  t.deepEqual(of([]), ["app.py", "data/a/.c", "data/a/b.db", "dump.rdb", "lib/x.rdb", "suite.yaml"]);
  t.deepEqual(of(["*.rdb", "data/**"]), ["app.py", "suite.yaml"]);
  t.deepEqual(of(["data", "lib/*.rdb"]), ["app.py", "dump.rdb", "suite.yaml"]);
  t.deepEqual(of(["*.py", "data", "*.rdb"], ["app.py"]), ["app.py", "suite.yaml"]);
});

test("what is run is seen wherever it lies, and only what lies in the folder is copied", async (t) => {
  const root = await temporaryFolder(t);
  const folder = join(root, "perf/suite");
  lay(root, ["base/server.js", "away/tuned.conf", "away/lib/pool.js", "own.js"]);
  lay(folder, ["suite.yaml", "load.ts", ".env", "real.js", "k8s.yaml"]);
  symlinkSync("../../away/tuned.conf", join(folder, "linked.conf"));
  symlinkSync("../../away/lib", join(folder, "lib"));
  symlinkSync("..", join(folder, "circle"));
  symlinkSync("nowhere", join(folder, "broken"));
  symlinkSync("real.js", join(folder, "again.js"));
  const named = ["load.ts", "node", "../../base/server.js", `--import=${join(root, "own.js")}`, "../..", "\0"];
  const request = placeOf(folder, named);
  const before = digestSuite(request);
  for (const path of [
    "../../base/server.js",
    join(root, "own.js"),
    "linked.conf",
    "lib/pool.js",
    "again.js",
    ".env",
    "k8s.yaml",
  ]) {
    const file = path.startsWith("/") ? path : join(folder, path);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, "another");
    t.not(digestSuite(request).digests[path], before.digests[path], path);
    writeFileSync(file, text);
  }
  t.deepEqual(digestSuite(request), before);
  const byFolder = [`\${folder}/real.js`, `\${folder}/../../own.js`];
  t.deepEqual(
    filesOf(folder, byFolder).filter((name) => /real|own/.test(name)),
    ["../../own.js", "real.js"],
    "the same in every checkout",
  );
  const to = join(root, "run/suite");
  copySuite(before.digests, folder, to);
  t.deepEqual(readdirSync(to).sort(), ["again.js", "k8s.yaml", "load.ts", "real.js", "suite.yaml"]);
  t.deepEqual(readdirSync(join(root, "run")), ["suite"]);
});

test("reports, other runs, other suites and texts for people are no part of what is run", async (t) => {
  const folder = await temporaryFolder(t);
  lay(folder, ["suite.yaml", "load.ts", "config.json", "page.html", "urls.csv"]);
  const before = digestSuite(placeOf(folder)).digests;
  t.is(Object.keys(before).length, 5);
  lay(folder, ["README.md", "comment.md", "LICENSE", "target.log", ".load.ts.swp"]);
  lay(folder, ["short.yaml"], "name: short\ntarget: {}\nload: {}\n");
  lay(folder, ["gate.json"], JSON.stringify({ schemaVersion: 1, decision: "pass" }, null, 2));
  lay(folder, ["gate.xml"], '<?xml version="1.0"?>\n<testsuites name="tunebench gate" tests="1">');
  lay(folder, ["report.html"], "<!doctype html>\n<head><title>whole: tunebench report</title>");
  lay(folder, ["summary.csv"], "run,suite,profile,measure,unit,median\n");
  lay(folder, ["out-a/20261121T080225Z-whole-3f9a/load.bundle.js", "kept/run.json", "kept/suite/load.ts"]);
  lay(folder, ["20261121T080225Z-whole-3f9b.partial-77/suite/load.ts"]);
  t.deepEqual(digestSuite(placeOf(folder)).digests, before);
  t.deepEqual(
    filesOf(folder, ["README.md", "short.yaml", "target.log"]).filter((name) => before[name] === undefined),
    ["README.md", "short.yaml"],
    "what a command names is",
  );
});

test("of a large folder only what the suite names is kept", async (t) => {
  const folder = await temporaryFolder(t);
  for (let index = 0; index < 320; index += 1) writeFileSync(join(folder, `file-${index}`), "");
  for (const name of ["suite.yaml", "load.ts", "target.ts"]) writeFileSync(join(folder, name), name);
  const named = ["load.ts", "node", "target.ts"];
  const copy = digestSuite(placeOf(folder, named));
  t.deepEqual(Object.keys(copy.digests).sort(), ["load.ts", "suite.yaml", "target.ts"]);
  const limits = { mostFiles: 300, mostMebibytes: 10 };
  t.deepEqual(copy.caveats, [{ code: "suite-not-copied-whole", folder: basename(folder), ...limits }]);
  copySuite(copy.digests, folder, join(folder, "copy"));
  t.false(existsSync(join(folder, "copy/file-1")));
});

test("a module that was imported by https has a digest and no copy", async (t) => {
  const folder = await temporaryFolder(t);
  lay(folder, ["suite.yaml", "load.ts"]);
  const imports = { "https://jslib.k6.io/a.js": "1" };
  const suite = suiteOf({ folder, file: join(folder, "suite.yaml"), imports });
  const { digests } = digestsOf(suite, join(folder, "out"));
  t.deepEqual(Object.keys(digests), ["load.ts", "suite.yaml", "https://jslib.k6.io/a.js"]);
  copySuite(digests, folder, join(folder, "out/copy"));
  t.deepEqual(readdirSync(join(folder, "out/copy")), ["load.ts", "suite.yaml"]);
});
