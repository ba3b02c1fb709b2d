/** Sentences that were once printed of real runs and were not so: each with a run of that kind. */
import test from "ava";
import { predictionMisses } from "../../../harness/report/sections/walls.ts";
import { keptUp, portEvidence, predictedWalls } from "../../helpers/record-parts.ts";
import { type StoredRun, storedRun } from "../../helpers/stories.ts";
import { analyze } from "../../helpers/told.ts";
import { exhaustedTrial, profileRecord, type TrialOverrides, trialRecord } from "../../helpers/trial-builder.ts";

type Make = (overrides: TrialOverrides) => ReturnType<typeof trialRecord>;

const setting = { "net.core.somaxconn": "65535" };

function pair(baseline: Make, profile: Make): StoredRun {
  return storedRun(1, [
    [profileRecord("baseline"), baseline],
    [profileRecord("somaxconn", setting), profile],
  ]);
}

const verdict = ({ run, trials }: StoredRun) => analyze(run, trials).told;

/** A target that uses so many of two cores and serves so much of 3,000/s. */
const busy =
  (cores: number, served: number): Make =>
  (overrides) =>
    trialRecord({
      ...overrides,
      kept: keptUp({ servedPerSecond: served }),
      measures: { cpuCores: { target: cores, generator: 0.4, db: 0.1 }, sustainedPerSecond: served },
    });

test("1.81 cores and 1.79 are the same: a threshold between them ends nothing", (t) => {
  t.notRegex(verdict(pair(busy(1.81, 2990), busy(1.79, 2990))), /gone|ended/);
  t.notRegex(verdict(pair(busy(1.81, 2900), busy(1.2, 1900))), /gone|ended/, "less work for fewer requests");
  t.regex(
    verdict(pair(busy(1.81, 2990), busy(1.2, 2995))),
    /^Profile somaxconn .* ends the baseline's bottleneck\. .*somaxconn \[ended\]: .*the baseline's bottleneck is gone\./,
  );
});

const broke =
  (kind: string, timeToWallSeconds: number, requestsBeforeWall: number, more: TrialOverrides = {}): Make =>
  (overrides) =>
    trialRecord({
      ...overrides,
      outcome: "broke",
      fault: { kind, side: "target", firstSeconds: timeToWallSeconds, seenIn: "status", inferred: false },
      ...more,
      measures: { timeToWallSeconds, requestsBeforeWall },
    });

test("28 requests against 22 are no ratio, and neither is what was served before a wall at 0 s", (t) => {
  t.notRegex(verdict(pair(broke("HTTP 500", 3, 28), broke("HTTP 500", 3, 22))), /\dx the requests|worse|moved/);
  t.notRegex(verdict(pair(broke("HTTP 503", 0, 0), broke("HTTP 503", 0, 14))), /\dx the requests|worse|moved/);
  const cured = verdict(pair(broke("HTTP 503", 0, 14), (overrides) => trialRecord(overrides)));
  t.regex(cured, /somaxconn \[removed\]: no fault in any block\./);
});

test("what crashed in both arms tells nothing of a profile", (t) => {
  const crash = (seconds: number, served: number) => broke("target-died", seconds, served);
  t.regex(verdict(pair(crash(9, 900), crash(14, 2000))), /can't be told: the target died with both\./);
});

test("a fault that came in the last window is there, though nothing stopped for it", (t) => {
  const late: Make = (overrides) =>
    trialRecord({
      ...overrides,
      requests: 4000,
      successes: 3940,
      faults: [{ kind: "HTTP 502", side: "target", count: 60 }],
    });
  t.regex(
    verdict(pair(broke("HTTP 502", 9, 900), late)),
    /can't be told: 60 requests failed with HTTP 502 with somaxconn too\./,
  );
  const stray: Make = (overrides) =>
    trialRecord({ ...overrides, faults: [{ kind: "HTTP 502", side: "target", count: 3 }] });
  t.regex(verdict(pair(broke("HTTP 502", 9, 900), stray)), /somaxconn \[removed\]/);
});

test("one service that broke once and degraded once at the same cliff is not made worse by what does nothing", (t) => {
  const cliff: Make = (overrides) =>
    exhaustedTrial({
      ...overrides,
      outcome: "degraded",
      fault: null,
      faults: [],
      successes: 41_500,
      measures: { requestsBeforeWall: 41_500, timeToWallSeconds: null, scanCliffSeconds: 9.1 },
    });
  const text = verdict(pair(cliff, exhaustedTrial));
  t.notRegex(text, /worse|at most/);
  t.regex(text, /can't be told: both met the wall of the same 28,232 ports/);
});

test("a setting that removes the wall by itself and only moves it in company does neither for sure", (t) => {
  const reuse = { "net.ipv4.tcp_tw_reuse": "1" };
  const { run, trials } = storedRun(1, [
    [profileRecord("baseline"), exhaustedTrial],
    [profileRecord("reuse", reuse), (overrides) => trialRecord(overrides)],
    [
      profileRecord("both", { ...reuse, "net.ipv4.ip_local_port_range": "1024 65535" }),
      (overrides) =>
        exhaustedTrial({
          ...overrides,
          measures: { requestsBeforeWall: 64_512, timeToWallSeconds: 50 },
          evidence: { ports: [portEvidence({ usable: 64_512, peakInUse: 64_512, peakTimeWait: 64_512 })] },
        }),
    ],
  ]);
  const text = analyze(run, trials).told;
  t.notRegex(text, /reuse[^.]* remove[sd] the|reuse \[removed/);
  t.regex(text, /reuse \[unclear\]: with both, which changes the same and more, the wall came\./);
});

test("a wall that was expected and did not come is explained", (t) => {
  const measured = (make: TrialOverrides) => {
    const { run, trials } = pair(
      (overrides) => trialRecord({ ...overrides, ...make }),
      (overrides) => trialRecord(overrides),
    );
    const predicted = { ...run, predictions: [predictedWalls({ profile: "baseline" })] };
    const analysis = analyze(predicted, trials);
    return predictionMisses({ analysis }).join(" ");
  };
  t.is(
    measured({
      evidence: { timeWaits: { generator: 0, target: 3, db: 28_400 } },
      measures: { connectionsPerSecond: 2990 },
    }),
    "The wall that was expected with baseline did not come: db closes first and has the TIME_WAITs (28,400), which take no port of the target.",
  );
  t.is(
    measured({}),
    "The wall that was expected with baseline did not come: connections are kept open (4/s new ones).",
  );
  t.is(
    measured({
      successes: 9000,
      measures: { requestsBeforeWall: 9000, connectionsPerSecond: 180, sustainedPerSecond: 180 },
    }),
    "The wall that was expected with baseline did not come: fewer were served than the 28,232 that take all ports.",
  );
});
