import test from "ava";
import { comparedArms } from "../../../harness/analysis/compared-arms.ts";
import { selectFromRun } from "../../../harness/deliver/select-from-run.ts";
import { playedFind, portsRunOut } from "../../helpers/find-report.ts";
import { exhaustedTrial, trialRecord } from "../../helpers/trial-builder.ts";

test("what a find found is delivered, and the suite's own settings are not", (t) => {
  const { run, trials } = comparedArms(playedFind(portsRunOut));
  const { settings, evidence, leftOut } = selectFromRun(run, trials, "found", null);
  t.deepEqual(
    settings.map(({ key, value }) => [key, value]),
    [["net.ipv4.tcp_tw_reuse", "1"]],
  );
  t.deepEqual(leftOut, []);
  t.regex(evidence[0] ?? "", /`found` helped against `baseline`/);
});

test("a wall that came too early to read a run by is no obstacle to what every fresh block of a find showed", (t) => {
  const early: typeof portsRunOut = ({ arm }, overrides) =>
    arm.target["net.ipv4.tcp_tw_reuse"] === "1"
      ? trialRecord(overrides)
      : exhaustedTrial({
          ...overrides,
          successes: 20,
          measures: { requestsBeforeWall: 20, timeToWallSeconds: 0.4, scanCliffSeconds: null, latencyMs: null },
        });
  const { run, trials } = comparedArms(playedFind(early));
  t.deepEqual(
    selectFromRun(run, trials, "found", null).settings.map(({ key }) => key),
    ["net.ipv4.tcp_tw_reuse"],
  );
});
