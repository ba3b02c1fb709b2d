/** Two builds at the same time, on real parts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSeries } from "../../harness/results/read.ts";
import { groupSize } from "../../scenarios/lib/arms.ts";
import { treeFile } from "../helpers/cli.ts";
import { leftBehind } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { onlyRun, openWorld, runWhole, startTunebench } from "../helpers/whole-run.ts";

/** Without the lib: what it asks at the first copy's URL goes to the copy that the iteration is for. */
const ownScript = `
import http from "k6/http";
export default function () {
  http.get(__ENV.TARGET_URL + "/");
  http.get(http.url\`\${__ENV.TARGET_URL}/items/7\`);
}
`;

testNeeding(["namespaces", "k6"], "a duet: one load, two parts with settings of their own, two trials", async (t) => {
  const world = await openWorld(t, {
    from: treeFile("test/fixtures/duet"),
    files: { "load.ts": ownScript },
    edit(suite) {
      suite.setIn(["load", "rate"], "40/s");
      suite.setIn(["stop", "after"], "2s");
      suite.setIn(["blocks"], 1);
      suite.setIn(["profiles", "candidate"], { "net.core.somaxconn": 77 });
    },
  });
  const { exitCode, stderr } = await runWhole(world);
  t.is(exitCode, 0, stderr);
  t.regex(stderr, /trial 1\/2 \w+ and \w+ \(block 1\) started/);
  const { run, trials, folder } = onlyRun(world);
  const [first, second] = trials;
  if (first === undefined || second === undefined) return t.fail("two trials were expected");
  t.is(run.design, "duet");
  t.true(first.valid && second.valid, stderr);
  t.deepEqual([first.duet?.place, first.duet?.beside, second.duet?.place, second.duet?.beside], [1, 2, 2, 1]);
  for (const trial of trials) {
    const asked = trial.sysctls.find(({ key, role }) => key === "net.core.somaxconn" && role === "target");
    t.is(asked?.effective === "77", trial.profile === "candidate", `${trial.profile} has its own settings`);
    t.true((trial.measures.cpuMsPerRequest ?? 0) > 0);
    t.is(trial.measures.requestsBeforeWall, null, "no wall is claimed");
    t.true((trial.measures.latencyMs?.resolutionRatio ?? 1) < 0.01);
    const name = `${String(trial.sequence).padStart(3, "0")}-b1-${trial.profile}`;
    t.notThrows(() => readFileSync(join(folder, "trials", name, "target.log")));
  }
  // Each iteration has two requests, and any may be under way at the end.
  t.true(
    Math.abs(first.requests - second.requests) <= 2 * (groupSize / 2) + 20,
    `${first.requests} and ${second.requests}`,
  );
  const [windows, others] = [first, second].map((trial) => readSeries(folder, trial).windows);
  t.deepEqual(
    windows?.map(({ startMs, endMs }) => [startMs, endMs]),
    others?.map(({ startMs, endMs }) => [startMs, endMs]),
  );
  t.regex(stderr, /Both ran at the same time in 1 block/);
  t.notRegex(stderr, /\bwalls?\b.*predicted/i);
  const gate = await startTunebench(world, ["gate", "latest", "--candidate", "candidate"], {});
  t.is(gate.exitCode, 5, "one block decides nothing");
  t.deepEqual(await leftBehind(world), []);
});
