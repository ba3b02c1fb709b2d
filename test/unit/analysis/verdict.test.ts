import test from "ava";
import { latency } from "../../helpers/record-parts.ts";
import {
  acceptQueueRun,
  keepAliveRun,
  oneCpuRun,
  portExhaustionRun,
  type StoredRun,
  storedRun,
} from "../../helpers/stories.ts";
import { analyze } from "../../helpers/told.ts";
import { exhaustedTrial, profileRecord, type TrialOverrides, trialRecord } from "../../helpers/trial-builder.ts";

const verdict = ({ run, trials }: StoredRun) => analyze(run, trials).told;

test("port-exhaustion, one block: which setting, by how much, what did nothing, and that one block is one block", (t) => {
  t.is(
    verdict(portExhaustionRun(1)),
    "Profile reuse (net.ipv4.tcp_tw_reuse=1) removes the wall within 52 s, range only moves it, backlog does nothing. " +
      "The baseline broke in the one block that was run, after 28,232 requests, at 35 s, past the scan cliff at 7.5 s. " +
      "The target ran out of local ports to db (198.18.0.10:3306): 28,232 of 28,232 in use, 28,232 in TIME_WAIT. " +
      "reuse [removed]: no fault in any block; at least 5.31x the requests. " +
      "range [moved]: it degraded without a fault up to the stop; the cliff at 13.6 s instead of 7.5 s; at least 2.20x the requests. " +
      "backlog [nothing]: the same wall; 1.00x the requests. " +
      "all [removed]: no fault in any block; at least 5.31x the requests; no better than reuse alone.",
  );
});

test("port-exhaustion, three blocks: a wall that every block shows needs no statistics", (t) => {
  const text = verdict(portExhaustionRun(3));
  t.regex(text, /^Profile reuse .* removes the wall within 52 s, .*\. The baseline broke in each of 3 blocks/);
  t.notRegex(text, /significance/);
});

test("keep-alive: no wall, and no difference is invented", (t) => {
  t.is(
    verdict(keepAliveRun(9)),
    "No profile makes a measurable difference. The baseline never broke: it served 150,000 requests without a wall in each of 9 blocks. " +
      "reuse [same]: within 5% in throughput and p99 latency. backlog [same]: within 5% in throughput and p99 latency.",
  );
  const few = verdict(keepAliveRun(3));
  t.regex(
    few,
    /^No difference can be told from noise with 3 blocks\. The baseline never broke: .* in each of 3 blocks\. reuse \[open\]/,
  );
  t.regex(few, /; 8 blocks could tell\.$/);
  t.notRegex(few, /better|worse|moved|matters/);
});

test("accept-queue: the binding limit, and that it takes both", (t) => {
  t.is(
    verdict(acceptQueueRun(2)),
    "Profile appBacklog=65535,somaxconn=65535 removes the wall within 52 s, appBacklog=511,somaxconn=65535 and appBacklog=65535,somaxconn=4096 do nothing. " +
      "The baseline broke in each of 2 blocks, after 12,000 requests, at 6 s. " +
      "The accept queue of port 8080 was full 9,000 times: the program accepts more slowly than connections come. " +
      "Its limit of 511 is the program's own backlog (somaxconn allows 4,096): raising somaxconn alone does nothing. " +
      "appBacklog=511,somaxconn=65535 [nothing]: the same wall; 1.00x the requests. " +
      "appBacklog=65535,somaxconn=4096 [nothing]: the same wall; 1.00x the requests. " +
      "appBacklog=65535,somaxconn=65535 [removed]: no fault in any block; at least 12.5x the requests; " +
      "it takes all of it: appBacklog=511,somaxconn=65535 and appBacklog=65535,somaxconn=4096 alone changed nothing.",
  );
});

test("one-cpu: the CPU, its share, and by how much spreading helped", (t) => {
  const many = verdict(oneCpuRun(9));
  t.regex(
    many,
    /^Profile spread \(rps 3\) is better, sysctls makes no difference\. .*\. CPU 0 received 99\.1% of all packets \(71% of NET_RX softirqs\)/,
  );
  t.regex(many, /spread \[better\]: 1\.21x the throughput \(1\.2\dx to 1\.2\dx, p = 0\.0\d+\) and 0\.75x the p99/);
  t.regex(many, /sysctls \[same\]: within 5% in .*; the baseline's bottleneck is there too\./);
  t.regex(many, /spread \[better\]: .*; the baseline's bottleneck is gone\./);
  t.regex(
    verdict(oneCpuRun(1)),
    /^Profile spread \(rps 3\) ends the baseline's bottleneck, .*spread \[ended\]: 1\.21x the throughput .*; 8 blocks could tell; /,
  );
});

test("a win by destroyed TIME_WAITs is flagged and never recommended", (t) => {
  const counters = { target: { TCPTimeWaitOverflow: 90_000 } };
  const story = storedRun(3, [
    [profileRecord("baseline"), (overrides) => exhaustedTrial(overrides)],
    [profileRecord("buckets"), (overrides) => trialRecord({ ...overrides, evidence: { counters } })],
  ]);
  t.regex(verdict(story), /^No profile helps: buckets only looks better\. .*buckets \[fake\]: .* must not be used\.$/);
  t.notRegex(verdict(story), /removed|removes/);
});

test("no profile moved the wall; one made it worse", (t) => {
  const story = storedRun(2, [
    [profileRecord("baseline"), (overrides) => exhaustedTrial(overrides)],
    [profileRecord("same"), (overrides) => exhaustedTrial(overrides)],
  ]);
  t.regex(verdict(story), /^No profile moves the wall\. .*same \[nothing\]: the same wall; 1\.00x the requests\.$/);
  const worse = storedRun(2, [
    [profileRecord("baseline"), (overrides) => trialRecord(overrides)],
    [profileRecord("narrow"), (overrides) => exhaustedTrial(overrides)],
  ]);
  t.regex(
    verdict(worse),
    /^No profile helps: narrow makes it worse\. The baseline never broke.* narrow \[worse\]: it broke in every block, after 28,232 requests\.$/,
  );
});

test("a generator that was the limit is said first; no capacity is claimed", (t) => {
  const generator = { bound: true, signs: [{ kind: "cores-used", usedCores: 0.98, cores: 1 } as const] };
  const story = storedRun(2, [
    [profileRecord("baseline"), (overrides) => trialRecord({ ...overrides, generator })],
    [profileRecord("reuse"), (overrides) => trialRecord({ ...overrides, generator })],
  ]);
  const text = verdict(story);
  t.regex(text, /The baseline never broke\. The load generator was the limit, not the target: generator used 0\.98/);
  t.regex(
    text,
    /^Profile reuse can't be compared: no block carries a ratio\. .*reuse \[open\]: no block carries a ratio\.$/,
  );
});

test("a degraded baseline never broke; a profile without a cliff removed the wall", (t) => {
  const degraded = { outcome: "degraded", fault: null, faults: [] } satisfies TrialOverrides;
  const story = storedRun(2, [
    [profileRecord("baseline"), (overrides) => exhaustedTrial({ ...overrides, ...degraded })],
    [profileRecord("reuse"), (overrides) => trialRecord(overrides)],
    [profileRecord("backlog"), (overrides) => exhaustedTrial({ ...overrides, ...degraded })],
  ]);
  const text = verdict(story);
  t.regex(text, /^Profile reuse removes the wall within 52 s, backlog does nothing\. /);
  t.regex(text, /The baseline never broke, but degraded in each of 2 blocks: it fell off the scan cliff, at 7\.5 s\./);
  t.regex(text, /reuse \[removed\]: neither cliff nor fault in any block/);
  t.regex(text, /backlog \[nothing\]: the same wall/);
});

test("a baseline that broke sometimes only, and profiles without a valid trial, are said as they are", (t) => {
  const story = storedRun(4, [
    [profileRecord("baseline"), (overrides, block) => (block < 3 ? exhaustedTrial(overrides) : trialRecord(overrides))],
    [
      profileRecord("lost"),
      (overrides) =>
        trialRecord({
          ...overrides,
          valid: false,
          invalidReason: { code: "part-lost" as const, words: "exports lost" },
        }),
    ],
  ]);
  const text = verdict(story);
  t.regex(text, /^The baseline broke in 2 of 4 blocks only\./);
  t.regex(text, /lost \[not-measured\]: no valid trial\.$/);
  const none = { ...story, trials: story.trials.map((trial) => ({ ...trial, valid: false })) };
  t.is(verdict(none), "The baseline has no valid trial: nothing can be compared.");
  const silent = {
    ...none,
    trials: none.trials.map((trial) => ({
      ...trial,
      invalidReason: { code: "part-lost" as const, words: "it never served" },
    })),
  };
  t.is(verdict(silent), "The baseline has no valid trial (it never served): nothing can be compared.");
});

test("another node image or container image is what a profile changes", (t) => {
  const story = storedRun(2, [
    [profileRecord("baseline"), exhaustedTrial],
    [{ ...profileRecord("new"), image: "app:2" }, trialRecord],
  ]);
  t.regex(verdict(story), /^Profile new \(image app:2\) removes the wall within 52 s\./);
});

test("latency alone can be the difference", (t) => {
  const story = storedRun(8, [
    [profileRecord("baseline"), (overrides) => trialRecord(overrides)],
    [profileRecord("slow"), (overrides) => trialRecord({ ...overrides, measures: { latencyMs: latency(3) } })],
  ]);
  t.regex(
    verdict(story),
    /^No profile helps: slow makes it worse\. .*slow \[worse\]: 2\.00x the p99 latency \(2\.00x to 2\.00x, p = 0\.016\)\.$/,
  );
});

test("a wall that the target met is its own, though the generator was at its limit on the way", (t) => {
  const dropped = { kind: "iterations-dropped", iterations: 2763, waitingVirtualUsers: 9, virtualUsers: 200 } as const;
  const generator = { bound: true, signs: [dropped] };
  const story = storedRun(1, [
    [profileRecord("baseline"), (overrides) => exhaustedTrial({ ...overrides, generator })],
    [profileRecord("reuse"), (overrides) => trialRecord(overrides)],
  ]);
  const text = verdict(story);
  t.regex(text, /after 28,232 requests, .* The target ran out of local ports to db/);
  t.regex(text, /reuse \[removed\]: no fault in any block; at least 5\.31x the requests\./);
});

test("percentiles from coarse histograms can't say 'same', and the sentence says so", (t) => {
  const coarse = { measures: { latencyMs: latency(1.5, { resolutionRatio: 0.09 }) } };
  const story = storedRun(9, [
    [profileRecord("baseline"), (overrides) => trialRecord({ ...overrides, ...coarse })],
    [profileRecord("other"), (overrides) => trialRecord({ ...overrides, ...coarse })],
  ]);
  t.regex(
    verdict(story),
    /^No profile makes a measurable difference\. .*other \[same\]: within 5% in throughput; p99 latency is known too coarsely to tell\.$/,
  );
});

test("a ceiling of latency that is no longer crossed is a wall removed, with what is left of the bottleneck", (t) => {
  const overflowing = (overflows: number): TrialOverrides => {
    const queue = {
      ...{ role: "target", port: 8080, effectiveLimit: 511, somaxconn: 4096 },
      ...{ peakQueued: 512, looks: 47, leastQueued: 0, overflows, drops: overflows },
    };
    return { evidence: { acceptQueues: [queue] } };
  };
  const story = storedRun(2, [
    [
      profileRecord("baseline"),
      (overrides) => trialRecord({ ...overrides, ...overflowing(90_000), outcome: "degraded" }),
    ],
    [profileRecord("longer"), (overrides) => trialRecord({ ...overrides, ...overflowing(2_000) })],
    [profileRecord("longest"), (overrides) => trialRecord(overrides)],
  ]);
  const text = verdict(story);
  t.regex(
    text,
    /^Profiles longer and longest remove the wall .* The baseline never broke, but degraded in each of 2 blocks: its latency crossed the ceiling\. The accept queue/,
  );
  t.regex(text, /longest \[removed\]: latency stayed below its ceiling in every block/);
  t.regex(
    text,
    /longer \[removed\]: latency stayed below its ceiling in every block;.* the bottleneck itself still shows/,
  );
});
