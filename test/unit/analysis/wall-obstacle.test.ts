import test from "ava";
import fc from "fast-check";
import { keptUp, portEvidence } from "../../helpers/record-parts.ts";
import { acceptQueueRun, type StoredRun, storedRun } from "../../helpers/stories.ts";
import { analyze } from "../../helpers/told.ts";
import { exhaustedTrial, profileRecord, type TrialOverrides, trialRecord } from "../../helpers/trial-builder.ts";

type Make = (overrides: TrialOverrides) => ReturnType<typeof trialRecord>;

const verdict = ({ run, trials }: StoredRun) => analyze(run, trials).told;

/** The baseline and one profile, in one block unless said. */
function pair(baseline: Make, profile: Make, blocks = 1): string {
  return verdict(
    storedRun(blocks, [
      [profileRecord("baseline"), baseline],
      [profileRecord("backlog", { "net.core.somaxconn": "65535" }), profile],
    ]),
  );
}

const disturbed = { otherCpu: { cpus: 2, share: 0.45, peakShare: 0.9, windows: 36, disturbedWindows: 30 } };
const quiet = { otherCpu: { cpus: 2, share: 0.01, peakShare: 0.05, windows: 36, disturbedWindows: 0 } };

const broke =
  (more: TrialOverrides = {}): Make =>
  (overrides) =>
    exhaustedTrial({ ...overrides, ...more });

/** Slower than the ports' TIME_WAITs free themselves: past the cliff, no fault up to the stop. */
const degraded =
  (served: number, more: TrialOverrides = {}): Make =>
  (overrides) =>
    exhaustedTrial({
      ...overrides,
      outcome: "degraded",
      fault: null,
      faults: [],
      successes: served,
      stoppedBy: { criterion: "after", atSeconds: 75, afterMs: 75000 },
      ...more,
      measures: { requestsBeforeWall: served, timeToWallSeconds: 75, scanCliffSeconds: 9.1, ...more.measures },
    });

const held =
  (more: TrialOverrides = {}): Make =>
  (overrides) =>
    trialRecord({ ...overrides, ...more });

test("one wall, met as a fault by one and as the scan cliff by the slower other: what the profile does can't be told", (t) => {
  const text = pair(degraded(41_500), broke());
  t.notRegex(text, /worse|better|moved|at most/);
  t.regex(
    text,
    /What profile backlog does can't be told: both met the wall of the same 28,232 ports, and how they met it depends on how fast the machine was\./,
  );
  t.regex(pair(broke(), degraded(41_500)), /What profile backlog does can't be told: both met the wall of the same/);
  const latency = {
    outcome: "degraded",
    stoppedBy: { criterion: "latency", atSeconds: 20, quantile: "p99", aboveMs: 90, windows: 2 },
  } as const;
  const refused = { kind: "ECONNREFUSED", side: "target", firstSeconds: 20, seenIn: "dial", inferred: false } as const;
  t.regex(
    pair(held(latency), held({ outcome: "broke", fault: refused, measures: { requestsBeforeWall: 50_000 } })),
    /can't be told: one broke and the other only degraded, and nothing shows that the wall itself is elsewhere\./,
  );
});

test("with a disturbed trial in either arm nothing is said but that", (t) => {
  const busy = (make: (more: TrialOverrides) => Make): Make => make({ evidence: disturbed });
  for (const text of [
    pair(busy(broke), broke()),
    pair(broke(), busy(broke)),
    pair(broke(), busy(held)),
    pair(busy(broke), held()),
    pair(held(), busy(broke)),
  ]) {
    t.notRegex(text, /worse|better|moved|removed|removes|nothing/);
    t.regex(
      text,
      /What profile backlog does can't be told: others used the CPUs during trials of (baseline|backlog)\./,
    );
  }
  t.regex(
    pair(busy(broke), busy(broke)),
    /can't be told: others used the CPUs during trials of baseline and backlog\./,
  );
});

test("who keeps up is not told from one block where nobody knows what others used of the CPUs", (t) => {
  const slow = (servedPerSecond: number, more: TrialOverrides = {}): Make =>
    held({
      outcome: "saturated",
      kept: keptUp({ askedPerSecond: 2000, servedPerSecond }),
      ...more,
      measures: { sustainedPerSecond: servedPerSecond, ...more.measures },
    });
  const unknown = { evidence: { otherCpu: null } };
  const known = pair(slow(1488), slow(753));
  t.regex(known, /backlog \[worse\]/);
  for (const text of [
    pair(slow(1488, unknown), slow(753, unknown)),
    pair(slow(1488), slow(753, unknown)),
    pair(slow(1488, unknown), held()),
    pair(slow(1488, unknown), slow(753, unknown), 2),
  ]) {
    t.notRegex(text, /\[(worse|moved|removed|nothing)\]/);
    t.regex(text, /can't be told: who keeps up depends on how much of the CPUs others used, .*; 3 blocks that agree/);
  }
  t.regex(pair(slow(1488, unknown), slow(753, unknown), 3), /backlog \[worse\]/);
  const generator = { bound: true, signs: [], droppedIterations: 900, maxVirtualUsers: 50, cpuCores: 1 };
  t.notRegex(pair(slow(1488, unknown), held({ ...unknown, generator })), /blocks that agree/);
  // Ports that ran out are counted.
  t.regex(pair(broke(unknown), held(unknown)), /backlog \[removed\]/);
});

test("of several profiles whose trials others disturbed the first sentence says it once", (t) => {
  const busy = broke({ evidence: disturbed });
  const named = (name: string, value: string) => profileRecord(name, { "net.core.somaxconn": value });
  const text = verdict(
    storedRun(1, [
      [profileRecord("baseline"), broke()],
      [named("backlog", "65535"), busy],
      [named("queue", "4096"), busy],
    ]),
  );
  t.regex(
    text,
    /What profiles backlog and queue do can't be told: others used the CPUs during trials of backlog and queue\./,
  );
});

test("the same wall twice does nothing; no wall where more was served removes it; other ports move it", (t) => {
  t.regex(pair(broke(), broke()), /backlog \[nothing\]: the same wall; 1\.00x the requests\./);
  t.regex(pair(broke(), held()), /backlog \[removed\]: no fault in any block; at least 5\.31x the requests\./);
  const wide = { evidence: { ports: [portEvidence({ usable: 64_512, peakInUse: 52_000, peakTimeWait: 52_000 })] } };
  t.regex(pair(broke(), degraded(62_000, wide)), /backlog \[moved\]: it degraded without a fault/);
  const narrow = { evidence: { ports: [portEvidence({ usable: 9000, peakInUse: 9000, peakTimeWait: 9000 })] } };
  const text = pair(degraded(41_500), broke({ ...narrow, measures: { requestsBeforeWall: 9000 } }));
  t.regex(text, /backlog \[worse\]: it broke; .* at most 0\.22x the requests\./);
});

test("a trial that never came as far as the wall has not removed it, nor lacked it", (t) => {
  const slow = { successes: 27_000, measures: { requestsBeforeWall: 27_000, sustainedPerSecond: 360 } };
  t.regex(
    pair(broke(), held(slow)),
    /can't be told: backlog served no more requests than baseline did before it broke/,
  );
  t.regex(
    pair(held(slow), broke()),
    /can't be told: baseline served no more requests than backlog did before it broke/,
  );
  const full = {
    measures: { requestsBeforeWall: 33_000, sustainedPerSecond: 440 },
    evidence: { ports: [portEvidence({ peakInUse: 26_400, peakTimeWait: 26_390 })] },
  };
  t.regex(pair(broke(), held(full)), /can't be told: 93\.\d% of the ports were in use with backlog too/);
  t.regex(pair(held(full), broke()), /can't be told: 93\.\d% of the ports were in use with baseline too/);
});

test("no ratio from walls at once, from a handful of requests, or where the target died in both", (t) => {
  const at = (timeToWallSeconds: number, requestsBeforeWall: number, kind = "ECONNREFUSED"): Make =>
    held({
      outcome: "broke",
      fault: { kind, side: "target", firstSeconds: timeToWallSeconds, seenIn: "dial", inferred: false },
      measures: { timeToWallSeconds, requestsBeforeWall },
    });
  t.regex(pair(at(0.5, 900), at(0.5, 700)), /can't be told: baseline broke within the first two windows\./);
  t.regex(pair(at(3, 28), at(3, 22)), /can't be told: baseline served 28 requests before it broke\./);
  t.regex(pair(at(9, 900, "target-died"), at(5, 500, "target-died")), /can't be told: the target died with both\./);
  t.regex(pair(at(9, 900), at(5, 500)), /backlog \[worse\]: 0\.56x the requests\./);
  const near = /can't be told: both broke at about the same time \([\d.]+ s and [\d.]+ s after the first request\)\./;
  for (const [before, after] of [
    [at(1.9, 119), at(2.4, 161)],
    [at(2.4, 162), at(1.9, 119)],
    [at(3, 300), at(4, 460)],
  ] as const) {
    const text = pair(before, after, 2);
    t.regex(text, near);
    t.notRegex(text, /worse|moved|moves|removed/);
  }
  t.regex(pair(at(3, 300), at(4, 301)), /backlog \[nothing\]: the same wall; 1\.00x the requests\./);
});

test("statistics carry what a disturbed trial of many does not", (t) => {
  let made = 0;
  const text = pair(
    (overrides) => exhaustedTrial({ ...overrides, evidence: made++ === 0 ? disturbed : quiet }),
    (overrides) => exhaustedTrial({ ...overrides, measures: { requestsBeforeWall: 56_000 + (overrides.block ?? 0) } }),
    10,
  );
  t.regex(text, /backlog \[moved\]: the wall came all the same; .*1\.98x the requests\./);
});

/** One wall of so many ports, as a trial meets it: at any pace, and with others on the CPUs or not. */
const ports = 28_232;
const meeting: fc.Arbitrary<Make> = fc
  .record({
    kind: fc.constantFrom("broke", "degraded", "held" as const),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    isDisturbed: fc.boolean(),
    cliff: fc.double({ min: 5, max: 40, noNaN: true }),
  })
  .map(({ kind, share, isDisturbed, cliff }) => {
    const { otherCpu } = isDisturbed ? disturbed : quiet;
    const seen = (peakInUse: number) => ({ otherCpu, ports: [portEvidence({ peakInUse, peakTimeWait: peakInUse })] });
    if (kind === "broke") {
      const timeToWallSeconds = cliff + 20 * share;
      const measures = {
        scanCliffSeconds: cliff,
        timeToWallSeconds,
        requestsBeforeWall: ports + Math.round(400 * share),
      };
      return broke({ measures, evidence: seen(ports) });
    }
    if (kind === "degraded") {
      const measures = { scanCliffSeconds: cliff, sustainedPerSecond: 240 + 400 * share };
      return degraded(Math.round(18_000 + 25_000 * share), { measures, evidence: seen(15_000 + 12_000 * share) });
    }
    // As slow as TIME_WAITs end: half of the ports are never in use.
    const rate = 230 * share;
    const measures = { requestsBeforeWall: Math.round(rate * 75), sustainedPerSecond: rate };
    return held({ measures, evidence: seen(Math.round(rate * 60)) });
  });

test("whatever a busy machine makes of one wall, no profile is said to be better or worse for it", (t) => {
  fc.assert(
    fc.property(meeting, meeting, fc.integer({ min: 1, max: 3 }), (one, other, blocks) => {
      const text = pair(one, other, blocks);
      t.notRegex(
        text,
        /backlog[^.]* (makes it worse|only moves|removes|is better)|backlog \[(worse|moved|removed|better)\]/,
        text,
      );
    }),
    { numRuns: 400 },
  );
});

test("of factors nothing is concluded from one block that others disturbed", (t) => {
  const { run, trials } = acceptQueueRun(1);
  t.notRegex(analyze(run, trials).conclusions.join(" "), /can't be told: others/);
  const busy = trials.map((trial, place) =>
    place === 0 ? { ...trial, evidence: { ...trial.evidence, ...disturbed } } : trial,
  );
  t.deepEqual(analyze(run, busy).conclusions, [
    "What the factors do can't be told: others used the CPUs during 1 of 4 trials.",
  ]);
});
