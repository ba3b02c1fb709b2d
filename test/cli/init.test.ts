import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { temporaryFolder, treeFile, tunebench } from "../helpers/cli.ts";

for (const scenario of ["port-exhaustion", "mysql-no-pool", "accept-queue", "keep-alive", "one-cpu"]) {
  test(`init ${scenario} into an empty folder: plan works there, and nothing is overwritten`, async (t) => {
    const folder = await temporaryFolder(t);
    const made = await tunebench(["init", "--scenario", scenario], { cwd: folder });
    t.like(made, { exitCode: 0, stdout: folder }, made.stderr);
    t.regex(made.stderr, /next: tunebench run \./);
    const names = readdirSync(treeFile("scenarios", scenario)).filter((name) => /\.(ts|yaml)$/.test(name));
    for (const name of [...names, "lib/k6.ts"]) t.true(existsSync(join(folder, name)), name);
    t.notRegex(readFileSync(join(folder, "load.ts"), "utf8"), /\.\.\/lib/);
    const plan = await tunebench(["plan"], { cwd: folder });
    t.is(plan.exitCode, 0, plan.stderr);
    const before = readFileSync(join(folder, "suite.yaml"), "utf8");
    const again = await tunebench(["init", "--scenario", "keep-alive"], { cwd: folder });
    t.is(again.exitCode, 2);
    t.regex(again.stderr, /has .*suite\.yaml.* already\n {2}name another folder/);
    t.is(readFileSync(join(folder, "suite.yaml"), "utf8"), before);
  });
}

test("init DIR makes the folder", async (t) => {
  const folder = await temporaryFolder(t);
  const { exitCode, stdout, stderr } = await tunebench(["init", "a/b"], { cwd: folder });
  t.is(exitCode, 0, stderr);
  t.is(stdout, join(folder, "a/b"));
  t.is((await tunebench(["plan", "a/b"], { cwd: folder })).exitCode, 0);
});
