import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import type { Document } from "yaml";
import { isDisturbed } from "../../harness/results/disturbance.ts";
import type { StoredRun } from "../../harness/results/read.ts";
import { schemaVersion } from "../../harness/results/schema-version.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { heldButFor } from "./held.ts";
import { leftBehind, machineState, strayFiles } from "./left-behind.ts";
import { onlyRun, runWhole, type World } from "./whole-run.ts";

/** Half of the suite's 2,000 ports, at a rate that uses them up within two seconds. */
export function halved(suite: Document): void {
  suite.setIn(["target", "sysctls", "net.ipv4.ip_local_port_range"], "40000 40999");
  suite.setIn(["load", "rate"], "500/s");
  suite.setIn(["load", "virtualUsers"], 50);
  suite.setIn(["stop", "requests"], 1600);
}

const ports = 1000;

/** Runs the suite of test/fixtures/whole, halved: its story is told whole, as results/ promises it, and nothing is left of it. */
export async function tellsWhole(t: ExecutionContext, world: World, identity: { asNobody: boolean }): Promise<void> {
  const before = machineState();
  const { exitCode, stdout, stderr } = await runWhole(world, [], identity);
  t.is(exitCode, 0, stderr);
  const stored = onlyRun(world);
  t.is(stdout, join(stored.folder, "report.html"), "stdout is the report's path and no more");
  for (const line of stderr.split("\n")) t.true(line.length <= 80 || line.includes(world.folder), line);
  t.false(stderr.includes("\u001B"), "no escape codes away from a terminal");
  t.is(stored.run.provenance.environment.rootless, identity.asNobody);
  provesTheWall(t, stored);
  holdsTheContract(t, stored);
  t.deepEqual(await leftBehind(world), []);
  t.deepEqual(machineState(), before);
  t.deepEqual(strayFiles(world), []);
}

function provesTheWall(t: ExecutionContext, { trials }: StoredRun): void {
  const byProfile = Object.fromEntries(trials.map((trial) => [trial.profile, trial]));
  for (const name of ["baseline", "backlog"]) {
    const trial = byProfile[name];
    t.like(trial, { valid: true, outcome: "broke", stoppedBy: { criterion: "fault" } });
    t.like(trial?.fault, { kind: "EADDRNOTAVAIL", side: "target", seenIn: "body", inferred: false });
    isUsedUp(t, trial);
    const served = trial?.measures.requestsBeforeWall ?? 0;
    // Each port served a request, but for those of the virtual users that were waiting when the wall came.
    const least = ports - (trial?.load.preAllocatedVirtualUsers ?? 0);
    t.true(
      served >= least && served <= ports,
      `${name}: ${served} before the wall of ${ports} ports, at least ${least}`,
    );
  }
  const { reuse } = byProfile;
  t.like(reuse, { valid: true, fault: null, stoppedBy: { criterion: "requests" } });
  // Beside another load it may not keep up with what is asked.
  t.true(heldButFor(reuse), reuse?.outcome);
  t.true((reuse?.evidence.counters.target?.TWRecycled ?? 0) > 0);
  t.true((reuse?.successes ?? 0) >= 1600);
  t.false(trials.some((trial) => trial.generator.bound && !isDisturbed(trial)));
  const asked = byProfile.backlog?.sysctls.find(({ role, key }) => role === "target" && key === "net.core.somaxconn");
  t.like(asked, { asked: "65535", effective: "65535", after: "65535", origin: "profile" });
}

/** Every port of the range; beside another load the last look may come a moment before the last of them is taken. */
export function isUsedUp(t: ExecutionContext, trial: TrialRecord | undefined): void {
  const { usable, peakInUse = 0 } = targetPorts(trial) ?? {};
  t.is(usable, ports);
  const least = trial !== undefined && isDisturbed(trial) ? 0.99 * ports : ports;
  t.true(peakInUse >= least && peakInUse <= ports, `${peakInUse} of ${ports} ports`);
}

/** What its target used of its local ports. */
export function targetPorts(trial: TrialRecord | undefined) {
  return trial?.evidence.ports.find(({ role }) => role === "target");
}

/** design.md, "Results on disk": what others read by these names. */
function holdsTheContract(t: ExecutionContext, { folder, run, trials }: StoredRun): void {
  const made = [
    "analysis.json",
    "load.bundle.js",
    "report.html",
    "report.md",
    "run.json",
    "suite",
    "summary.csv",
    "trials",
  ];
  t.deepEqual(
    made.filter((name) => !existsSync(join(folder, name))),
    [],
  );
  t.regex(run.id, /^\d{8}T\d{6}Z-whole-[0-9a-f]{4}$/);
  t.like(run, { seed: 7, blocks: 1, baseline: "baseline", ended: { reason: "done" } });
  t.deepEqual(readdirSync(join(folder, "suite")).sort(), Object.keys(run.digests).sort());
  const folders = trials.map((trial) => `00${trial.sequence}-b1-${trial.profile}`);
  t.deepEqual(readdirSync(join(folder, "trials")).sort(), folders);
  for (const name of folders) {
    const files = ["events.ndjson", "k6.log", "samples.ndjson", "target.log", "trial.json", "upstream-db.log"];
    t.deepEqual(readdirSync(join(folder, "trials", name)).sort(), [...files, "windows.ndjson"]);
    for (const kind of ["windows", "samples", "events"]) {
      const [head = ""] = readFileSync(join(folder, "trials", name, `${kind}.ndjson`), "utf8").split("\n");
      t.like(JSON.parse(head), { schemaVersion, kind });
    }
  }
  const analysis = JSON.parse(readFileSync(join(folder, "analysis.json"), "utf8"));
  t.like(analysis, { runId: run.id });
  const [baseline] = analysis.profiles;
  t.like(baseline, { name: "baseline", trials: 1, broke: 1, degraded: 0, saturated: 0, held: 0 });
  for (const key of ["sysctls", "measures", "versusBaseline", "findings", "caveats"]) t.true(key in baseline, key);
  t.true("mainEffects" in analysis && "noise" in analysis);
}
