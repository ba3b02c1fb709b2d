import test from "ava";
import { isOfMachine, trendsOf } from "../../../harness/analysis/trends.ts";
import { analysed, runOnDay } from "../../helpers/runs-in-time.ts";

const stories = [
  runOnDay(3, "6.18.4"),
  runOnDay(1, "6.1.0"),
  runOnDay(2, "6.1.0"),
  runOnDay(4, "6.18.4", { suite: "other" }),
];

test("runs of a suite in time, whatever order they come in; the suite that was run last is first", (t) => {
  const trends = trendsOf(stories.map(analysed));
  t.deepEqual(
    trends.map(({ suite }) => suite),
    ["other", "keep-alive"],
  );
  const [baseline] = trends[1]?.profiles ?? [];
  t.is(baseline?.profile, "baseline");
  t.deepEqual(
    baseline?.points.map(({ startedAt }) => startedAt.slice(8, 10)),
    ["01", "02", "03"],
  );
  t.deepEqual(baseline?.measures, ["requestsBeforeWall", "sustainedPerSecond", "latencyMs.p99"]);
});

test("a change is told where it came, of the machine or not, and nowhere else", (t) => {
  const later = runOnDay(5, "6.18.4");
  later.run.provenance.engine = "k6 v9.0.0";
  const profiles =
    trendsOf([...stories, later].map(analysed)).find(({ suite }) => suite === "keep-alive")?.profiles ?? [];
  for (const { points } of profiles) {
    t.deepEqual(
      points.map(({ changes }) => changes.map((change) => [change.kind, isOfMachine(change)])),
      [[], [], [["kernel", true]], [["engine", false]]],
    );
  }
});

test("a profile that a run lacks has no point there; the change is that from the run before that has it", (t) => {
  const without = runOnDay(2, "6.18.4");
  const run = { ...without.run, profiles: without.run.profiles.filter(({ name }) => name !== "reuse") };
  const trials = without.trials.filter(({ profile }) => profile !== "reuse");
  const [trend] = trendsOf([runOnDay(1, "6.1.0"), { run, trials }, runOnDay(3, "6.18.4")].map(analysed));
  const reuse = trend?.profiles.find(({ profile }) => profile === "reuse");
  t.deepEqual(
    reuse?.points.map(({ startedAt, changes }) => [startedAt.slice(8, 10), changes.map(({ kind }) => kind)]),
    [
      ["01", []],
      ["03", ["kernel"]],
    ],
  );
});

test("calibrations compare nothing and are no trend", (t) => {
  t.deepEqual(trendsOf([analysed(runOnDay(1, "6.1.0", { kind: "calibration" }))]), []);
});
