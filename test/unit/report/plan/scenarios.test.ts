import { globSync, readFileSync } from "node:fs";
import test from "ava";
import { makePlan } from "../../../../harness/plan/make-plan.ts";
import { describePlan } from "../../../../harness/report/plan/describe-plan.ts";
import { loadSuite } from "../../../../harness/suite/load-suite.ts";
import { treeFile } from "../../../helpers/cli.ts";

const root = treeFile("scenarios");
const suites = globSync("*/*.yaml", { cwd: root }).filter((file) => /^target:/m.test(textOf(file)));

function textOf(file: string): string {
  return readFileSync(`${root}/${file}`, "utf8");
}

for (const file of suites) {
  test(`${file} is a suite that can be planned, and says in a sentence or two what it is about`, async (t) => {
    const suite = await loadSuite(`${root}/${file}`);
    t.regex(suite.description ?? "", /^[A-Z].{30,}[.?]$/);
    t.regex(textOf(file), /^# yaml-language-server: \$schema=\.\.\/\.\.\/suite\.schema\.json\n/);
    const text = describePlan(suite, makePlan(suite, { seed: 1, memoryBytes: 2 ** 34 }), { width: 80 });
    for (const line of text.split("\n")) t.true(line.length <= 80, line);
  });
}

test("names of shipped suites differ: they name the runs", async (t) => {
  const names = await Promise.all(suites.map(async (file) => (await loadSuite(`${root}/${file}`)).name));
  t.true(names.length >= 7);
  t.deepEqual([...new Set(names)].length, names.length, names.join(", "));
});

test("keep-alive/short.yaml compares the same with itself", async (t) => {
  const suite = await loadSuite(`${root}/keep-alive/short.yaml`);
  const [baseline, candidate] = suite.profiles;
  t.deepEqual({ ...candidate, name: "baseline" }, baseline);
  t.deepEqual(
    suite.judged.map(({ name, tolerance }) => [name, tolerance]),
    [
      ["sustainedPerSecond", 0.05],
      ["latencyMs.p50", 0.15],
      ["latencyMs.p99", 0.25],
    ],
  );
});

test("port-exhaustion/one-at-a-time.yaml is the ablation of three factors", async (t) => {
  const suite = await loadSuite(`${root}/port-exhaustion/one-at-a-time.yaml`);
  t.is(suite.baseline, "baseline");
  t.deepEqual(
    suite.profiles.map(({ name }) => name),
    [
      ...["baseline", "reuse=1", "range=32768-39167", "backlog=65535"],
      ...["all", "all-but-reuse", "all-but-range", "all-but-backlog"],
    ],
  );
});
