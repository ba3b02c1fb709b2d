/**
 * What each shipped scenario shows, on the scenario itself, shortened. port-exhaustion is in story.test.ts; what a full accept queue shows is
 * judged in test/truth/queues.test.ts, and the scenario's four levels are in test/soak.
 */
import type { ExecutionContext } from "ava";
import type { Document } from "yaml";
import type { ProfileAnalysis } from "../../../harness/analysis/analysis.ts";
import { readSeries } from "../../../harness/results/read.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { testNeeding } from "../../helpers/parts.ts";
import { show } from "../../helpers/show-scenario.ts";

function rulesOf(profile: ProfileAnalysis | undefined): string[] {
  return profile?.findings.map(({ rule }) => rule) ?? [];
}

testNeeding(
  ["namespaces", "k6", "mariadb"],
  "mysql-no-pool: a real database, the same wall, the same cure",
  async (t) => {
    const shorter = (suite: Document) => {
      suite.setIn(["target", "sysctls", "net.ipv4.ip_local_port_range"], "32768 33367");
      suite.setIn(["load", "rate"], { from: "100/s", to: "300/s", ramp: "500ms" });
      suite.setIn(["stop", "requests"], 1000);
    };
    const { trials, profiles } = await show(t, "mysql-no-pool", shorter, ["--profiles", "reuse"]);
    t.like(trials.baseline?.fault, { kind: "EADDRNOTAVAIL", side: "target" });
    const ports = trials.baseline?.evidence.ports.find(({ role }) => role === "target");
    t.like(ports, { usable: 600, peakInUse: 600, destination: { name: "db", port: 3306 } });
    t.true(rulesOf(profiles.baseline).includes("port-exhaustion"));
    t.is(trials.reuse?.fault, null);
    // A busy machine may not serve what is asked; there is no wall for all that.
    t.true(trials.reuse?.outcome === "held" || trials.reuse?.outcome === "saturated", trials.reuse?.outcome);
    t.true((trials.reuse?.evidence.counters.target?.TWRecycled ?? 0) > 0);
  },
);

testNeeding(["namespaces", "k6"], "keep-alive: no wall, and no difference is invented", async (t) => {
  const shorter = (suite: Document) => {
    suite.setIn(["load", "rate", "ramp"], "1s");
    suite.setIn(["stop", "after"], "2s");
  };
  const { trials, profiles, verdict, stored } = await show(t, "keep-alive", shorter, ["--profiles", "reuse,backlog"]);
  for (const trial of Object.values(trials)) {
    t.like(trial, { outcome: "held", fault: null, faults: [] });
    const events = readSeries(stored.folder, trial).events.map(({ kind }) => kind);
    t.deepEqual(events, ["load-started", "stop-decided", "generator-idle"]);
    t.is(trial.load.exports.failed, 0);
  }
  for (const name of ["reuse", "backlog"]) {
    const verdicts = Object.values(profiles[name]?.versusBaseline ?? {}).map((comparison) => comparison.verdict);
    t.true(verdicts.length > 0 && verdicts.every((one) => one === "inconclusive"), `${name}: ${verdicts}`);
  }
  t.regex(verdict, /^No difference can be told from noise with 1 block\. The baseline never broke/);
});

testNeeding(
  ["root", "namespaces", "k6"],
  "one-cpu: the CPU that receives every packet is named, and spreading spreads",
  async (t) => {
    const shorter = (suite: Document) => {
      suite.setIn(["load", "rate"], { from: "500/s", to: "1500/s", ramp: "1s" });
      suite.setIn(["stop", "after"], "2s");
    };
    const { trials } = await show(t, "one-cpu", shorter, ["--profiles", "spread"]);
    t.is(trials.baseline?.evidence.steering.rpsCpus.target, "1");
    t.is(trials.spread?.evidence.steering.rpsCpus.target, "3");
    // Packets are counted for the whole machine: somebody else's traffic is among them.
    if (othersWereThere(t, trials)) return;
    t.like(trials.baseline?.evidence.softnetProcessed, { busiestCpu: 0 });
    t.true((trials.baseline?.evidence.softnetProcessed?.maxShare ?? 0) > 0.9);
    t.true((trials.spread?.evidence.softnetProcessed?.maxShare ?? 1) < 0.8);
  },
);

/** Whether others used the CPUs during any trial; then each such trial must say so, and what they did to its numbers can't be told. */
function othersWereThere(t: ExecutionContext, trials: Record<string, TrialRecord>): boolean {
  const beside = Object.values(trials).filter(({ evidence }) => evidence.otherCpu?.disturbedWindows !== 0);
  for (const { caveats, profile } of beside) {
    t.true(
      caveats.some(({ code }) => code === "cpu-taken-by-others"),
      profile,
    );
    t.log(`${profile}: others used the CPUs, so that its numbers are not judged`);
  }
  return beside.length > 0;
}
