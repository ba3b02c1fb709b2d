/** The story of the ports on a real cluster: the same conclusion as at home, with the wall at the pod's own port range. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { parseDocument } from "yaml";
import { readSeries, type StoredRun } from "../../harness/results/read.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { type ApiWorld, openApiWorld } from "../helpers/api-world.ts";
import { treeFile } from "../helpers/cli.ts";
import { objectsOfRuns, runOnCluster, storedIn } from "../helpers/cluster-runs.ts";
import { heldButFor, isShortOfCpu } from "../helpers/held.ts";
import { testNeeding } from "../helpers/parts.ts";
import type { ToldAnalysis } from "../helpers/told.ts";

/** The target's own, whatever the scenario asks for: gone in some 13 s, at a rate that a busy machine keeps up. */
const portRange = "30000 31499";
const perSecond = 120;

let world: ApiWorld;
let stored: StoredRun;

test.before(async (t) => {
  t.timeout(20 * 60_000, "Kubernetes is built the first time");
  world = await openApiWorld();
});

test.after.always(async () => {
  await world?.close();
});

/** The scenario over that range: its baseline, and its profile reuse, which stops after 14 s. */
async function narrowed(): Promise<string> {
  const folder = join(world.folder, "scenarios", "port-exhaustion");
  cpSync(treeFile("scenarios"), join(world.folder, "scenarios"), { recursive: true });
  const document = parseDocument(readFileSync(join(folder, "suite.yaml"), "utf8"));
  document.setIn(["target", "sysctls"], { "net.ipv4.ip_local_port_range": portRange });
  document.setIn(["load", "rate"], `${perSecond}/s`);
  document.setIn(["stop", "after"], "14s");
  document.set("profiles", { baseline: {}, reuse: { "net.ipv4.tcp_tw_reuse": 1 } });
  writeFileSync(join(folder, "suite.yaml"), String(document));
  return folder;
}

function usablePorts(): number {
  const ports = stored.run.predictions.find(({ profile }) => profile === "baseline")?.usablePorts;
  if (typeof ports !== "number") throw new Error("no prediction for the baseline");
  return ports;
}

function trialOf(profile: string): TrialRecord {
  const trial = stored.trials.find((one) => one.profile === profile);
  if (trial === undefined) throw new Error(`no trial of ${profile}`);
  return trial;
}

testNeeding(["one-node"], "port-exhaustion runs, and leaves nothing", async (t) => {
  t.timeout(10 * 60_000);
  const { exitCode, stderr, out } = await runOnCluster(world, await narrowed());
  t.is(exitCode, 0, stderr);
  stored = storedIn(out);
  t.deepEqual(
    stored.trials.map(({ valid, invalidReason }) => invalidReason ?? valid),
    [true, true],
  );
  t.deepEqual(await objectsOfRuns(world), []);
});

testNeeding(["one-node"], "the baseline broke at the end of the pod's port range", (t) => {
  const trial = trialOf("baseline");
  const { outcome, fault, measures } = trial;
  // Beside other files' runs the node may be too slow to use up the range within the trial.
  if (isShortOfCpu(trial) && outcome !== "broke") {
    t.true(["degraded", "saturated"].includes(outcome), outcome);
    return;
  }
  t.is(outcome, "broke");
  t.like(fault, { kind: "EADDRNOTAVAIL", side: "target", seenIn: "body", inferred: false });
  t.true((measures.portUsePeakRatio ?? 0) > 0.99 && (measures.portUsePeakRatio ?? 2) <= 1.01);
  t.is(usablePorts(), 1500);
  t.true((measures.timeWaitPeak ?? 0) > 0.9 * usablePorts(), `${measures.timeWaitPeak}`);
  t.true((measures.requestsBeforeWall ?? 0) >= 0.95 * usablePorts(), `${measures.requestsBeforeWall}`);
});

testNeeding(["one-node"], "with reuse there is no wall, and the analysis says so", (t) => {
  const trial = trialOf("reuse");
  const { outcome, fault, sysctls } = trial;
  t.true(outcome === "degraded" || heldButFor(trial), outcome);
  t.is(fault, null);
  t.like(
    sysctls.find(({ role, key }) => role === "target" && key === "net.ipv4.tcp_tw_reuse"),
    { asked: "1", effective: "1", after: "1" },
  );
  const { verdict } = JSON.parse(readFileSync(join(stored.folder, "analysis.json"), "utf8")) as ToldAnalysis;
  if (trialOf("baseline").outcome !== "broke") return;
  // Other files' runs share the node's CPUs: where reuse was held back by them, that is said instead of a removal.
  t.regex(
    verdict,
    /^Profile reuse \(net\.ipv4\.tcp_tw_reuse=1\) removes the wall within [0-9.]+ s\. The baseline broke |^What profile reuse does can't be told: .* The baseline broke /,
  );
  const [, inUse = "", of = ""] =
    /ran out of local ports to db \(\S+:3306\): (\S+) of (\S+) in use/.exec(verdict) ?? [];
  t.is(numberIn(of), usablePorts(), verdict);
  t.true(numberIn(inUse) > 0.99 * usablePorts(), verdict);
});

testNeeding(["one-node"], "where it ran is recorded, and samples came from every pod", (t) => {
  for (const trial of stored.trials) {
    const { platform } = trial;
    t.like(platform, { node: "one-node", route: "pod-sysctls", runners: 1, runnerNodes: ["one-node"] });
    t.regex(platform?.kubelet ?? "", /^v1\./);
    t.regex(platform?.kernel ?? "", /^\d+\./);
    const { windows, samples } = readSeries(stored.folder, trial);
    const roles = new Set(samples.flatMap((sample) => ("role" in sample ? [sample.role] : [])));
    for (const role of ["target", "db", "generator"]) t.true(roles.has(role), `${trial.profile}: ${[...roles]}`);
    t.true(windows.length > 20);
    t.deepEqual(
      windows.slice(1).map(({ startMs }) => startMs),
      windows.slice(0, -1).map(({ endMs }) => endMs),
      "windows follow each other without a gap",
    );
    t.true((trial.measures.cpuCores.target ?? 0) > 0, "the target's CPU is seen where processes are shared");
  }
  t.is(stored.run.provenance.environment.kind, "kubernetes");
});

/** "1,498" */
function numberIn(text: string): number {
  return Number(text.replaceAll(",", ""));
}
