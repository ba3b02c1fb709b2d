import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { formatGoal, measuredValue, measureNames, measureOf } from "../../../harness/core/measures.ts";
import { units } from "../../../harness/core/units.ts";
import { suiteJsonSchema } from "../../../harness/suite/json-schema.ts";
import { healthyMeasures, latency } from "../../helpers/record-parts.ts";
import { trialRecord } from "../../helpers/trial-builder.ts";

const root = join(import.meta.dirname, "../../..");

test("every measure has words, a unit and a place to be read from", (t) => {
  const measured = { ...healthyMeasures(), latencyMs: latency(50) };
  for (const name of measureNames) {
    const { label, short, unit, minRequests, read } = measureOf(name);
    t.regex(label, /^[a-zA-Z][^.]{2,}$/, name);
    t.true(short.length <= 12, `${name} is the head of a column: ${short}`);
    t.true(unit in units && minRequests >= 1, name);
    t.not(read(measured), undefined, `${name} is nowhere in a trial's measures`);
    t.is(read({}) ?? null, null, name);
  }
  const of = (part: "label" | "short") => measureNames.map((name) => measureOf(name)[part]);
  for (const words of [of("label"), of("short")]) t.is(new Set(words).size, measureNames.length);
});

test("a new measure is one record: nothing else lists them, and suites know each", (t) => {
  const { properties } = suiteJsonSchema() as { properties: Record<string, unknown> };
  const known = JSON.stringify([properties.compare, properties.goals]);
  for (const name of measureNames) t.is(known.split(`"${name}"`).length, 3, `${name} can be judged and be a goal`);
  const elsewhere = globSync("harness/**/*.ts", { cwd: root })
    .filter((file) => file !== "harness/core/measures.ts" && !file.startsWith("harness/results/"))
    .filter((file) => {
      const text = readFileSync(join(root, file), "utf8");
      return measureNames.filter((name) => new RegExp(`^ *"?${name}"?[,:] *("|\\{|$)`, "m").test(text)).length > 2;
    });
  t.deepEqual(elsewhere, []);
});

test("what is censored, and what is not known", (t) => {
  const broke = trialRecord({ outcome: "broke", measures: { requestsBeforeWall: 28_232, latencyMs: latency(2) } });
  t.deepEqual(measuredValue(broke, "requestsBeforeWall"), { value: 28_232, censored: false });
  t.like(measuredValue({ ...broke, outcome: "held" }, "requestsBeforeWall"), { censored: true });
  const bound = { ...broke, generator: { ...broke.generator, bound: true } };
  t.is(measuredValue(bound, "latencyMs.p99"), null);
  t.like(measuredValue(bound, "sustainedPerSecond"), { censored: true });
  t.like(measuredValue(bound, "requestsBeforeWall"), { censored: false });
  t.is(measuredValue(broke, "sustainableRatePerSecond"), null);
});

test("a goal in the measure's own words and unit", (t) => {
  t.is(formatGoal({ measure: "latencyMs.p99", comparison: "<=", limit: 50 }), "p99 latency <= 50 ms");
  t.is(formatGoal({ measure: "faultRatio", comparison: "<=", limit: 0.001 }), "failed requests <= 0.1%");
  t.is(formatGoal({ measure: "sustainedPerSecond", comparison: ">=", limit: 490.5 }), "throughput >= 490.5/s");
});
