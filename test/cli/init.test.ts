import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { temporaryFolder, treeFile, tunebench } from "../helpers/cli.ts";

for (const scenario of ["port-exhaustion", "mysql-no-pool", "accept-queue", "keep-alive", "one-cpu", "failover"]) {
  test(`init ${scenario} into an empty folder: plan works there, and nothing is overwritten`, async (t) => {
    const folder = await temporaryFolder(t);
    const made = await tunebench(["init", "--scenario", scenario], { cwd: folder });
    t.like(made, { exitCode: 0, stdout: folder }, made.stderr);
    t.regex(made.stderr, /next: .*tunebench run \./);
    const names = readdirSync(treeFile("scenarios", scenario)).filter((name) => /\.(ts|yaml)$/.test(name));
    for (const name of [...names, "lib/k6.ts"]) t.true(existsSync(join(folder, name)), name);
    const suite = readFileSync(join(folder, "suite.yaml"), "utf8");
    t.regex(suite, /^# yaml-language-server: \$schema=\.\/suite\.schema\.json\nname: /);
    t.deepEqual(readFileSync(join(folder, "suite.schema.json")), readFileSync(treeFile("suite.schema.json")));
    for (const variant of names.filter((name) => name.endsWith(".yaml"))) {
      t.regex(
        readFileSync(join(folder, variant), "utf8"),
        /^# yaml-language-server: \$schema=\.\/suite\.schema\.json\n/,
      );
      const ofVariant = await tunebench(["plan", variant], { cwd: folder });
      t.is(ofVariant.exitCode, 0, ofVariant.stderr);
    }
    t.notRegex(readFileSync(join(folder, "load.ts"), "utf8"), /\.\.\/lib/);
    const plan = await tunebench(["plan"], { cwd: folder });
    t.is(plan.exitCode, 0, plan.stderr);
    const again = await tunebench(["init", "--scenario", "keep-alive"], { cwd: folder });
    t.is(again.exitCode, 2);
    t.regex(again.stderr, /has .*suite\.yaml.* already\n {2}name another folder/);
    t.is(readFileSync(join(folder, "suite.yaml"), "utf8"), suite);
  });
}

test("init says what the scenario's service needs, and its package.json has it", async (t) => {
  const { devDependencies } = JSON.parse(readFileSync(treeFile("package.json"), "utf8"));
  const folder = await temporaryFolder(t);
  const made = await tunebench(["init", "a", "--scenario", "mysql-no-pool"], { cwd: folder });
  t.regex(made.stderr, /next: npm install --prefix a, then tunebench run a$/);
  const written = JSON.parse(readFileSync(join(folder, "a/package.json"), "utf8"));
  t.deepEqual(written, { private: true, type: "module", dependencies: { mysql2: devDependencies.mysql2 } });

  writeFileSync(join(folder, "package.json"), "{}");
  const added = await tunebench(["init", "--scenario", "mysql-no-pool"], { cwd: folder });
  t.true(added.stderr.includes(`next: npm install --prefix . mysql2@${devDependencies.mysql2}, then tunebench run .`));
  t.is(readFileSync(join(folder, "package.json"), "utf8"), "{}");

  const plain = await tunebench(["init", "b"], { cwd: folder });
  t.regex(plain.stderr, /next: tunebench run b$/);
  t.deepEqual(JSON.parse(readFileSync(join(folder, "b/package.json"), "utf8")), { private: true, type: "module" });
});

test("init DIR makes the folder", async (t) => {
  const folder = await temporaryFolder(t);
  const { exitCode, stdout, stderr } = await tunebench(["init", "a/b"], { cwd: folder });
  t.is(exitCode, 0, stderr);
  t.is(stdout, join(folder, "a/b"));
  t.is((await tunebench(["plan", "a/b"], { cwd: folder })).exitCode, 0);
});

for (const name of ["lib/k6.ts", "suite.schema.json"]) {
  test(`init keeps a ${name} that is there`, async (t) => {
    const folder = await temporaryFolder(t);
    mkdirSync(join(folder, "lib"));
    writeFileSync(join(folder, name), "mine");
    const { exitCode, stderr } = await tunebench(["init"], { cwd: folder });
    t.is(exitCode, 2);
    t.true(stderr.includes(`has ${name} already`), stderr);
    t.is(readFileSync(join(folder, name), "utf8"), "mine");
    t.false(existsSync(join(folder, "suite.yaml")));
  });
}
