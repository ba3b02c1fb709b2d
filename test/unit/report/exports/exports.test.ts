/** What others' tools read: every format is read back by its own grammar or schema, and holds the run's numbers. */
import test from "ava";
import fc from "fast-check";
import protobuf from "protobufjs";
import { uncompress } from "snappyjs";
import * as z from "zod";
import { analyze } from "../../../../harness/analysis/analyze.ts";
import { measureNames, measureOf } from "../../../../harness/core/measures.ts";
import { renderBmf } from "../../../../harness/report/exports/bmf.ts";
import { directionsOf, renderGithubBenchmark } from "../../../../harness/report/exports/github-benchmark.ts";
import { exportedUnits, measureSlug, measureWords } from "../../../../harness/report/exports/measure-name.ts";
import { metricFamilies, prometheusName } from "../../../../harness/report/exports/metric-families.ts";
import { renderOpenMetrics } from "../../../../harness/report/exports/openmetrics.ts";
import { renderOtlpJson } from "../../../../harness/report/exports/otlp-json.ts";
import { remoteWriteBodies, writeRequestType } from "../../../../harness/report/exports/remote-write.ts";
import type { ReportInput } from "../../../../harness/report/report-input.ts";
import { anyText } from "../../../helpers/any-text.ts";
import { readOpenMetrics } from "../../../helpers/openmetrics.ts";
import { portExhaustionReport } from "../../../helpers/report-fixture.ts";

const whole = portExhaustionReport({ blocks: 8 });
const few = portExhaustionReport();

/** The story with names of any text, which a record from elsewhere may hold. */
function named(suite: string, profile: string): ReportInput {
  const rename = (name: string) => (name === "reuse" ? profile : name);
  const run = {
    ...few.run,
    suite,
    profiles: few.run.profiles.map((one) => ({ ...one, name: rename(one.name) })),
  };
  const trials = few.trials.map((trial) => ({ ...trial, profile: rename(trial.profile) }));
  const profiles = few.analysis.profiles.map((one) => ({ ...one, name: rename(one.name) }));
  return { run, trials, analysis: { ...few.analysis, suite, profiles }, series: [] };
}

const names = fc.tuple(
  anyText(),
  anyText().filter((name) => !whole.run.profiles.some((profile) => profile.name === name)),
);

/** https://bencher.dev/docs/reference/bencher-metric-format/ : its JSON Schema. */
const bmfShape = z.record(
  z.string().min(1).max(1024),
  z.record(
    z.string().min(1).max(64),
    z.strictObject({ value: z.number(), lower_value: z.number().optional(), upper_value: z.number().optional() }),
  ),
);

test("BMF: medians between the lowest and the highest trial, ratios in their interval, bounds open on their side", (t) => {
  const bmf = bmfShape.parse(JSON.parse(renderBmf(whole)));
  t.deepEqual(
    Object.keys(bmf),
    whole.run.profiles.map(({ name }) => `port-exhaustion/${name}`),
  );
  const reuse = bmf["port-exhaustion/reuse"] ?? {};
  const profile = whole.analysis.profiles.find(({ name }) => name === "reuse");
  const throughput = profile?.measures.sustainedPerSecond;
  t.deepEqual(reuse["sustained-per-second"], {
    value: throughput?.median ?? Number.NaN,
    lower_value: throughput?.low,
    upper_value: throughput?.high,
  });
  const wall = profile?.versusBaseline.requestsBeforeWall;
  t.is(wall?.bound, "atLeast");
  t.deepEqual(reuse["requests-before-wall-vs-baseline"], {
    value: wall?.ratio ?? Number.NaN,
    lower_value: wall?.low ?? Number.NaN,
  });
  t.deepEqual(
    Object.keys(reuse["requests-before-wall"] ?? {}),
    ["value", "lower_value"],
    "no wall came: nothing above",
  );
  t.false(Object.keys(bmf["port-exhaustion/baseline"] ?? {}).some((name) => name.endsWith("-vs-baseline")));
});

/** https://github.com/benchmark-action/github-action-benchmark : customBiggerIsBetter and customSmallerIsBetter. */
const benchmarkShape = z.array(
  z.strictObject({
    name: z.string().min(1),
    unit: z.string().min(1),
    value: z.number(),
    range: z.string().optional(),
    extra: z.string().optional(),
  }),
);

test("github-benchmark: a file for each direction, and all of both without one", (t) => {
  const entries = (better: "higher" | "lower" | null) =>
    benchmarkShape.parse(JSON.parse(renderGithubBenchmark(whole, better)));
  const [higher, lower, both] = [entries("higher"), entries("lower"), entries(null)];
  t.is(higher.length + lower.length, both.length);
  t.is(new Set(both.map(({ name }) => name)).size, both.length, "a name is a series of the action");
  t.true(higher.some(({ name }) => name === "port-exhaustion/reuse: throughput, over baseline"));
  t.true(lower.some(({ name, unit }) => name === "port-exhaustion/all: p99 latency" && unit === "ms"));
  t.false(higher.some(({ name }) => name.includes("latency")));
  t.deepEqual(directionsOf(whole).toSorted(), ["higher", "lower"]);
});

test("OpenMetrics: read by its grammar, it holds every number of every trial, median and ratio", (t) => {
  const samples = readOpenMetrics(renderOpenMetrics(whole));
  const of = (name: string, labels: Record<string, string>) =>
    samples.filter(
      (one) => one.name === name && Object.entries(labels).every(([key, text]) => one.labels[key] === text),
    );
  const trials = of("tunebench_trial_latency_p99_seconds", { profile: "reuse" });
  t.is(trials.length, 8);
  t.deepEqual(
    trials.map(({ labels, value }) => [labels.block, value * 1000]).toSorted(),
    whole.trials
      .filter(({ profile }) => profile === "reuse")
      .map(({ block, measures }) => [String(block), measures.latencyMs?.p99])
      .toSorted(),
  );
  t.is(trials[0]?.unit, "seconds");
  const versus = whole.analysis.profiles.find(({ name }) => name === "reuse")?.versusBaseline.sustainedPerSecond;
  const ratio = { profile: "reuse", measure: "sustainedPerSecond", baseline: "baseline" };
  t.deepEqual(
    of("tunebench_profile_vs_baseline_ratio", ratio).map(({ labels, value }) => [labels.statistic, value]),
    [
      ["ratio", versus?.ratio],
      ["low", versus?.low],
      ["high", versus?.high],
    ],
  );
  t.is(of("tunebench_profile_verdict", ratio)[0]?.labels.verdict, versus?.verdict);
});

/** opentelemetry-proto v1, with the names and numbers of its fields that a gauge has. */
const otlp = protobuf
  .parse(
    `syntax = "proto3";
message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
message Scope { string name = 1; string version = 2; }
message Metric { string name = 1; string description = 2; string unit = 3; Gauge gauge = 5; }
message Gauge { repeated NumberDataPoint data_points = 1; }
message NumberDataPoint {
  fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; oneof value { double as_double = 4; } repeated KeyValue attributes = 7;
}
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { string string_value = 1; }`,
  )
  .root.lookupType("ExportMetricsServiceRequest");

test("OTLP JSON: each field is one of the schema, and what a collector reads of it is what OpenMetrics has", (t) => {
  const json = JSON.parse(renderOtlpJson(whole));
  const message = otlp.decode(otlp.encode(otlp.fromObject(json)).finish());
  t.deepEqual(otlp.toObject(message, { json: true, longs: String }), json, "nothing that the schema does not have");
  const metrics: { name: string; unit: string; gauge: { dataPoints: { asDouble: number }[] } }[] =
    json.resourceMetrics[0].scopeMetrics[0].metrics;
  const samples = readOpenMetrics(renderOpenMetrics(whole));
  t.deepEqual(
    metrics.flatMap(({ gauge }) => gauge.dataPoints.map(({ asDouble }) => asDouble)),
    samples.map(({ value }) => value),
  );
});

interface WrittenSeries {
  labels: { name: string; value: string }[];
  samples: { value: number; timestamp: number }[];
}

function writtenSeries(input: ReportInput): WrittenSeries[] {
  return remoteWriteBodies(input).flatMap((body) => {
    const message = writeRequestType.decode(uncompress(body));
    const { timeseries = [] } = writeRequestType.toObject(message, { longs: Number, arrays: true, defaults: true });
    return timeseries as WrittenSeries[];
  });
}

test("remote write: uncompressed and decoded, the series of OpenMetrics with labels in order", (t) => {
  const series = writtenSeries(whole);
  const samples = readOpenMetrics(renderOpenMetrics(whole));
  t.is(series.length, samples.length);
  for (const [index, { labels, samples: written }] of series.entries()) {
    const keys = labels.map(({ name }) => name);
    t.deepEqual(keys, keys.toSorted());
    const one = samples[index];
    t.is(labels.find(({ name }) => name === "__name__")?.value, one?.name);
    t.deepEqual(written, [{ value: one?.value ?? Number.NaN, timestamp: Math.round((one?.atSeconds ?? 0) * 1000) }]);
  }
});

test("names of any text: every format is still read, and one name never becomes two", (t) => {
  fc.assert(
    fc.property(names, ([suite, profile]) => {
      const input = named(suite, profile);
      const samples = readOpenMetrics(renderOpenMetrics(input));
      bmfShape.parse(JSON.parse(renderBmf(input)));
      benchmarkShape.parse(JSON.parse(renderGithubBenchmark(input, null)));
      otlp.fromObject(JSON.parse(renderOtlpJson(input)));
      t.is(writtenSeries(input).length, samples.length);
      t.is(new Set(samples.map(({ labels }) => labels.profile)).size, 6, "five profiles, and the run's own");
    }),
    { numRuns: 30 },
  );
});

test("each measure has a name of its own in every format, and says its unit once", (t) => {
  const slugs = measureNames.map(measureSlug);
  t.is(new Set(slugs).size, measureNames.length);
  for (const slug of slugs)
    t.true(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) && slug.length + "-vs-baseline".length <= 64, slug);
  t.is(new Set(measureNames.map((name) => measureWords(name).join("."))).size, measureNames.length);
  for (const name of measureNames) {
    const { suffix } = exportedUnits[measureOf(name).unit];
    if (suffix !== null) t.false(measureWords(name).join("_").includes(suffix), name);
  }
});

test("a run without a trial that counts has its verdicts (inconclusive) and its own line, and no measured number", (t) => {
  const run = { ...whole.run };
  const input = { run, trials: [], analysis: analyze(run, []), series: [] };
  t.deepEqual(metricFamilies(input).map(prometheusName), ["tunebench_profile_verdict", "tunebench_run_info"]);
  t.is(renderBmf(input), "{}\n");
  t.is(renderGithubBenchmark(input, null), "[]\n");
});
