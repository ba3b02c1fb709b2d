import { join } from "node:path";
import test from "ava";
import { makePlan } from "../../../../harness/plan/make-plan.ts";
import { describePlan } from "../../../../harness/report/plan/describe-plan.ts";
import { isGolden } from "../../../helpers/golden.ts";
import { suiteFiles, suiteFrom } from "../../../helpers/suite-files.ts";

for (const name of ["ports", "everything", "searched", "conditions", "factors"]) {
  test(`what a person reads of the plan of ${name}, within 80 columns`, (t) => {
    const suite = suiteFrom(name);
    const text = describePlan(suite, makePlan(suite, { seed: 42, memoryBytes: 4 * 2 ** 30 }), { width: 80 });
    for (const line of text.split("\n")) t.true(line.length <= 80, line);
    isGolden(t, text, join(suiteFiles, `${name}.plan.golden.txt`));
  });
}

test("what a person reads of the plan of everything in a cluster, within 80 columns", (t) => {
  const suite = suiteFrom("everything");
  const cluster = { name: "test-bed", route: "tuning-cni", runners: 1 } as const;
  const text = describePlan(suite, makePlan(suite, { seed: 42, memoryBytes: 4 * 2 ** 30, cluster }), { width: 80 });
  for (const line of text.split("\n")) t.true(line.length <= 80, line);
  isGolden(t, text, join(suiteFiles, "everything.cluster-plan.golden.txt"));
});

test("a plan of the baseline alone says that nothing is compared", (t) => {
  const suite = suiteFrom("ports");
  const plan = makePlan(suite, { seed: 1, profiles: ["baseline"], memoryBytes: 2 ** 34 });
  const text = describePlan(suite, plan, { width: 120 });
  t.regex(text, /^port-exhaustion: the baseline alone x 3 blocks = 3 trials, /);
  t.regex(text, /^Compared: nothing, the baseline alone is run\.$/m);
});

test("a name that is too long for the table has a line of its own", (t) => {
  const long = `a${"-very-long-name".repeat(5)}`;
  const suite = suiteFrom("ports", (text) => text.replace("  reuse:", `  ${long}:`));
  const text = describePlan(suite, makePlan(suite, { seed: 1, memoryBytes: 2 ** 34 }), { width: 80 });
  t.regex(text, new RegExp(`^  ${long}\\n +28,232 `, "m"));
});

test("narrow and wide terminals are filled and not overrun", (t) => {
  const suite = suiteFrom("factors");
  const plan = makePlan(suite, { seed: 1, memoryBytes: 2 ** 34 });
  for (const width of [60, 100, 200]) {
    for (const line of describePlan(suite, plan, { width }).split("\n")) t.true(line.length <= width, line);
  }
});

test("the head counts the recheck's trials, too", (t) => {
  const head = (blocks: number, change: (text: string) => string = (text) => text) => {
    const suite = suiteFrom("conditions", (text) => change(`${text}recheck: 3\n`));
    return describePlan(suite, makePlan(suite, { seed: 1, blocks, memoryBytes: 2 ** 34 }), { width: 400 });
  };
  t.regex(
    head(1),
    /^conditions: 2 profiles x 1 block = 2 trials and at most 6 of the confirmation run, at most about /,
  );
  t.regex(
    head(1, (text) => text.replace(/^recheck.*\n/m, "")),
    /= 2 trials, at most about /,
  );
});
