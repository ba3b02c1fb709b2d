import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { copySuite, digestSuite } from "../../../harness/run/copy-suite.ts";
import { temporaryFolder } from "../../helpers/cli.ts";

test("a suite's files are kept, its packages, results, links and hidden files are not", async (t) => {
  const folder = await temporaryFolder(t);
  for (const path of [
    "suite.yaml",
    "load.ts",
    "lib/k6.ts",
    "node_modules/a/index.js",
    "results/x/run.json",
    ".env",
    "out/y",
  ]) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
  symlinkSync("/etc/passwd", join(folder, "link"));
  const request = { folder, file: join(folder, "suite.yaml"), named: ["load.ts", "node"], out: join(folder, "out") };
  const copy = digestSuite(request);
  t.deepEqual(Object.keys(copy.digests).sort(), ["lib/k6.ts", "load.ts", "suite.yaml"]);
  t.deepEqual(copy.doubts, []);
  const to = join(folder, "out/copy");
  copySuite(copy.digests, folder, to);
  t.is(readFileSync(join(to, "lib/k6.ts"), "utf8"), "lib/k6.ts");
  writeFileSync(join(to, "load.ts"), "cut o");
  const before = statSync(join(to, "suite.yaml"), { bigint: true }).mtimeNs;
  copySuite(copy.digests, folder, to);
  t.is(readFileSync(join(to, "load.ts"), "utf8"), "load.ts", "what is not whole is copied again");
  t.is(statSync(join(to, "suite.yaml"), { bigint: true }).mtimeNs, before, "what is whole stays as it is");
});

test("of a large folder only what the suite names is kept, and nothing outside it", async (t) => {
  const folder = await temporaryFolder(t);
  for (let index = 0; index < 320; index += 1) writeFileSync(join(folder, `file-${index}`), "");
  for (const name of ["suite.yaml", "load.ts", "target.ts"]) writeFileSync(join(folder, name), name);
  const named = ["load.ts", "node", "target.ts", "../../etc/passwd"];
  const copy = digestSuite({ folder, file: join(folder, "suite.yaml"), named, out: join(folder, "out") });
  t.deepEqual(Object.keys(copy.digests).sort(), ["load.ts", "suite.yaml", "target.ts"]);
  t.is(copy.doubts[0]?.code, "suite-not-copied-whole");
  copySuite(copy.digests, folder, join(folder, "copy"));
  t.false(existsSync(join(folder, "copy/file-1")));
});
