import { join } from "node:path";
import test from "ava";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { isGolden } from "../../helpers/golden.ts";
import { suiteFiles, suiteText } from "../../helpers/suite-files.ts";

const duet = `
name: pair
target: { command: [node, server.js], port: 8080 }
load: { script: load.ts, rate: 100/s }
stop: { after: 5s }
design: duet
profiles: { baseline: {}, candidate: { command: [node, ../other/server.js] } }
blocks: 12
`;

test("a duet is judged on what two arms of one load can differ in, the median most strictly", (t) => {
  const suite = parseSuite(duet, "suite.yaml");
  t.is(suite.design, "duet");
  t.is(suite.disturbedRetries, 0, "noise meets both");
  t.deepEqual(
    suite.judged.map(({ name, tolerance }) => [name, tolerance]),
    [
      ["latencyMs.p50", 0.025],
      ["latencyMs.p90", 3 * 0.05],
      ["faultRatio", 0.05],
      ["cpuMsPerRequest", 0.05],
    ],
  );
  const asked = parseSuite(`${duet}\ncompare: { measures: { latencyMs.p90: { tolerance: 3% } } }`, "suite.yaml");
  t.deepEqual(asked.judged, [{ name: "latencyMs.p90", direction: "lower", tolerance: 0.03 }]);
});

test("what can't be a duet is said with its place, all at once", (t) => {
  const error = t.throws(() => parseSuite(suiteText("not-a-duet"), "not-a-duet.yaml"), { instanceOf: SuiteError });
  isGolden(t, `${error?.message}\n`, join(suiteFiles, "not-a-duet.golden.txt"));
});

test("the preset for hosted machines judges what they can tell, and bounds a run's time", (t) => {
  const hosted = (more: string) =>
    parseSuite(
      `${duet.replace("design: duet", "").replace("blocks: 12", "")}\ncompare: { preset: hosted${more} }`,
      "s.yaml",
    );
  const suite = hosted("");
  t.deepEqual(
    suite.judged.map(({ name }) => name),
    ["sustainedPerSecond", "latencyMs.p50"],
  );
  t.is(suite.boundMs, 600_000);
  t.is(hosted(", within: 4m").boundMs, 240_000);
  t.deepEqual(
    hosted(", measures: { latencyMs.p99: {} }").judged.map(({ name }) => name),
    ["latencyMs.p99"],
  );
  t.is(parseSuite(duet, "suite.yaml").boundMs, null);
  const alone = duet.replace("blocks: 12", "compare: { within: 4m }");
  t.regex(t.throws(() => parseSuite(alone, "s.yaml"))?.message ?? "", /preset: hosted/);
});
