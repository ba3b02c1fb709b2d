/** The story of test/fixtures/whole as an ordinary user; as root it is told in alone/story.test.ts, and in all detail in test/soak. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readRun } from "../../harness/results/read.ts";
import { testNeeding } from "../helpers/parts.ts";
import { giveToNobody, onlyRun, openWorld, runWhole } from "../helpers/whole-run.ts";
import { halved, isUsedUp, targetPorts, tellsWhole } from "../helpers/whole-story.ts";

testNeeding(
  ["namespaces", "k6", "root"],
  "as an ordinary user: the whole story, told whole, nothing left",
  async (t) => {
    const world = await openWorld(t, { edit: halved });
    giveToNobody(world);
    await tellsWhole(t, world, { asNobody: true });
    t.is(statSync(world.out).uid, 65_534);
  },
);

testNeeding(["namespaces", "k6"], "IPv6: the same wall", async (t) => {
  const world = await openWorld(t, {
    edit(suite) {
      halved(suite);
      suite.set("ipVersion", 6);
    },
  });
  const { exitCode, stderr } = await runWhole(world, ["--profiles", "baseline"]);
  t.is(exitCode, 0, stderr);
  const [baseline] = onlyRun(world).trials;
  t.like(baseline, { valid: true, outcome: "broke", fault: { kind: "EADDRNOTAVAIL", side: "target", seenIn: "body" } });
  isUsedUp(t, baseline);
  t.regex(targetPorts(baseline)?.destination?.address ?? "", /^2001:2:/);
});

testNeeding(["namespaces", "k6"], "two runs at once in one folder keep out of each other's way", async (t) => {
  const world = await openWorld(t, { edit: halved });
  const options = ["--profiles", "baseline"];
  const ends = await Promise.all([runWhole(world, options), runWhole(world, options)]);
  for (const { exitCode, stderr } of ends) t.is(exitCode, 0, stderr);
  t.is(new Set(ends.map(({ stdout }) => stdout)).size, 2);
  for (const id of readdirSync(world.out)) {
    const { run, trials, unreadable } = readRun(join(world.out, id));
    t.deepEqual(unreadable, []);
    t.is(trials.length, 1);
    t.like(trials[0], { runId: run.id, valid: true, outcome: "broke" });
    isUsedUp(t, trials[0]);
  }
});
