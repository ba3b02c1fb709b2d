import test from "ava";
import { comparisonTable } from "../../../harness/report/sections/comparison-table.ts";
import { keptUp, latency } from "../../helpers/record-parts.ts";
import { type StoredRun, storedRun } from "../../helpers/stories.ts";
import { analyze } from "../../helpers/told.ts";
import { exhaustedTrial, profileRecord, type TrialOverrides, trialRecord } from "../../helpers/trial-builder.ts";

type Make = (overrides: TrialOverrides) => ReturnType<typeof trialRecord>;

/** A service that serves so much of 300/s. */
const serving =
  (served: number, more: TrialOverrides = {}): Make =>
  (overrides) => {
    const short = served < 297;
    return trialRecord({
      ...overrides,
      outcome: short ? "saturated" : "held",
      stoppedBy: { criterion: "after", atSeconds: 20, afterMs: 20_000 },
      requests: served * 20,
      successes: served * 20,
      kept: keptUp({ askedPerSecond: 300, servedPerSecond: served, windows: 40, shortWindows: short ? 39 : 0 }),
      ...more,
      measures: {
        requestsBeforeWall: served * 20,
        sustainedPerSecond: served,
        latencyMs: latency(900),
        ...more.measures,
      },
    });
  };

const run = (baseline: Make, others: Record<string, Make>, blocks = 1): StoredRun =>
  storedRun(blocks, [
    [profileRecord("baseline"), baseline],
    ...Object.entries(others).map(
      ([name, make]) =>
        [profileRecord(name, { "net.core.somaxconn": name }), make] as [ReturnType<typeof profileRecord>, Make],
    ),
  ]);

const verdict = (...of: Parameters<typeof run>) => {
  const { run: record, trials } = run(...of);
  return analyze(record, trials).told;
};

test("a service that can't keep up is told so first, and never as one without a wall", (t) => {
  const text = verdict(serving(96), {});
  t.regex(text, /^The baseline kept up to 96 of 300 requests\/s asked in the one block that was run\./);
  t.notRegex(text, /without a wall|never broke/);
});

test("who keeps up where the baseline did not has cured it, for as long as was looked", (t) => {
  const text = verdict(serving(96), { wider: serving(299), inert: serving(97) });
  t.regex(
    text,
    /^Profile wider \(net\.core\.somaxconn=wider\) keeps up with what is asked within 20 s, inert does nothing\. /,
  );
  t.regex(text, /wider \[removed\]: what was asked was served in every block; 3\.11x the throughput\./);
  t.regex(text, /inert \[nothing\]: kept up to 97 of 300 requests\/s asked\./);
});

test("more, or less, of what is asked is told where every block shows so much of it that no noise does", (t) => {
  t.regex(
    verdict(serving(96), { some: serving(190) }),
    /^Profile some \(\S+\) keeps up with more of what is asked\. .*some \[moved\]: it kept up to 190 of 300/,
  );
  t.regex(verdict(serving(190), { less: serving(96) }), /less \[worse\]: 0\.51x the throughput\./);
  t.regex(
    verdict(serving(100), { some: serving(112) }),
    /What profile some does can't be told: how much it served differs too little/,
  );
});

test("another end of the same limit is no verdict", (t) => {
  const refused = { kind: "HTTP 503", side: "target", firstSeconds: 4, seenIn: "status", inferred: false } as const;
  const broke = serving(96, { outcome: "broke", fault: refused, measures: { timeToWallSeconds: 4 } });
  t.regex(
    verdict(serving(96), { quick: broke }),
    /What profile quick does can't be told: one broke and the other only did not keep up/,
  );
  const slow = serving(96, {
    outcome: "degraded",
    stoppedBy: { criterion: "latency", atSeconds: 9, quantile: "p99", aboveMs: 500, windows: 4 },
  });
  t.regex(
    verdict(slow, { other: serving(96) }),
    /What profile other does can't be told: one degraded and the other only did not keep up/,
  );
});

test("a fault that is gone moved the wall where the service can't keep up without it either", (t) => {
  const kept = { ...keptUp({ askedPerSecond: 3000, servedPerSecond: 2100, shortWindows: 90 }) };
  const text = verdict(exhaustedTrial, {
    reuse: (overrides) =>
      trialRecord({ ...overrides, outcome: "saturated", kept, measures: { sustainedPerSecond: 2100 } }),
  });
  t.regex(
    text,
    /^Profile reuse \(net\.core\.somaxconn=reuse\) takes the fault away but does not keep up\. .*reuse \[behind\]: no fault in any block, but it kept up to 2,100 of 3,000 requests\/s asked/,
  );
  t.notRegex(text, /removed|removes/);
});

test("a profile that can't keep up where the baseline can made it worse", (t) => {
  t.regex(
    verdict(serving(299), { less: serving(96) }),
    /^No profile helps: less makes it worse\. .*less \[worse\]: it kept up to 96 of 300 requests\/s asked in every block\./,
  );
});

test("with others on the CPUs nothing is said of a cure", (t) => {
  const busy = { otherCpu: { cpus: 2, share: 0.8, peakShare: 0.9, windows: 36, disturbedWindows: 30 } };
  const text = verdict(serving(96), { wider: serving(299, { evidence: busy }) });
  t.regex(text, /What profile wider does can't be told: others used the CPUs/);
  t.notRegex(text, /keeps up|removed/);
});

test("the table has the rate served beside the rate asked, where one was not kept up with", (t) => {
  const cells = (baseline: Make, wider: Make) => {
    const { run: record, trials } = run(baseline, { wider });
    const { columns, rows } = comparisonTable(analyze(record, trials));
    const at = columns.findIndex(({ measure }) => measure === "sustainedPerSecond");
    return rows.map(({ values, outcome }) => [outcome, values[at]?.text]);
  };
  t.deepEqual(cells(serving(96), serving(299)), [
    ["saturated", "96/s of 300/s"],
    ["held", "299/s of 300/s"],
  ]);
  t.deepEqual(cells(serving(299), serving(300))[0], ["held", "299/s"]);
});
