/** A run beside programs that keep every CPU busy: what is noted, repeated and no longer claimed. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { isDisturbed } from "../../../harness/results/disturbance.ts";
import { testNeeding } from "../../helpers/parts.ts";
import type { ToldAnalysis } from "../../helpers/told.ts";
import { onlyRun, openWorld, runWhole } from "../../helpers/whole-run.ts";
import { halved } from "../../helpers/whole-story.ts";

testNeeding(["namespaces", "k6"], "beside another load: noted, repeated once, nothing said of a wall", async (t) => {
  const world = await openWorld(t, {
    edit(suite) {
      halved(suite);
      suite.delete("retries");
    },
  });
  keepEveryCpuBusy(t);
  const { exitCode, stderr } = await runWhole(world, ["--profiles", "baseline,backlog"]);
  t.is(exitCode, 0, stderr);
  const { trials, folder, run } = onlyRun(world);
  t.is(trials.length, 3);
  for (const trial of trials) {
    t.true(trial.valid && isDisturbed(trial), JSON.stringify(trial.evidence.otherCpu));
    t.true((trial.evidence.otherCpu?.share ?? 0) > 0.1);
    t.true((trial.evidence.otherCpu?.peakShare ?? 2) <= 1);
    t.true(trial.caveats.some(({ code }) => code === "cpu-taken-by-others"));
  }
  const [first] = run.order;
  t.like(trials[2], { attempt: 2, profile: first?.profile, block: 1, purpose: "compare" });
  t.regex(
    stderr.replace(/\s+/g, " "),
    /\w+ \(block 1\) is run again: programs outside the run used over a tenth of the \d+ CPUs in \d+ of \d+ windows/,
  );
  const analysis: ToldAnalysis = JSON.parse(readFileSync(join(folder, "analysis.json"), "utf8"));
  // Whether they come as far as the wall is up to the machine.
  if (trials.some(({ outcome }) => outcome !== "held")) {
    t.regex(analysis.verdict, /What profile backlog does can't be told: others used the CPUs during/);
  }
  t.notRegex(analysis.verdict, /better|worse|moves|removes|nothing/);
  t.notRegex(analysis.effects.map(({ effect }) => effect).join(), /better|worse|moved|behind|removed|nothing|fake/);
  t.true(analysis.caveats.some(({ code }) => code === "repeated-trials"));
});

/** A loop for each CPU, which ends with the test, with this process, and after ten minutes in any case. */
function keepEveryCpuBusy(t: ExecutionContext): void {
  const loop =
    "const [end, parent] = [Date.now() + 600_000, process.ppid]; while (process.ppid === parent && Date.now() < end);";
  for (let cpu = 0; cpu < availableParallelism(); cpu++) {
    const child = spawn(process.execPath, ["-e", loop], { stdio: "ignore" });
    t.teardown(() => child.kill("SIGKILL"));
  }
}
