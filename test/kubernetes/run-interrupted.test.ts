/** A run on a real cluster that is interrupted under load: what is kept, and how it goes on. */

import type { Document } from "yaml";
import { worldFor } from "../helpers/api-world.ts";
import {
  copyFixture,
  objectsOfRuns,
  startCommand,
  startOnCluster,
  storedIn,
  underLoad,
} from "../helpers/cluster-runs.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(
  ["cluster"],
  "SIGINT under load: exit 130, nothing left, what was finished is kept; resume completes it",
  async (t) => {
    t.timeout(10 * 60_000);
    const world = await worldFor(t);
    const lasting = (document: Document) => document.setIn(["stop", "after"], "4s");
    const suite = await copyFixture(world, { fixture: "pods", edit: lasting });
    const run = await startOnCluster(world, suite);
    await underLoad(world, run, 2);
    run.process.kill("SIGINT");
    const { exitCode, stderr } = await run.process;
    t.is(exitCode, 130, stderr);
    t.deepEqual(await objectsOfRuns(world), []);
    const cut = storedIn(run.out);
    t.is(cut.run.ended?.reason, "interrupted");
    t.is(cut.trials.length, 1);
    const resumed = await startCommand(world, ["resume", "latest", "--results", run.out]);
    t.is(resumed.exitCode, 0, resumed.stderr);
    const { run: record, trials } = storedIn(run.out);
    t.is(record.ended?.reason, "done");
    t.deepEqual(
      trials.map(({ profile, valid }) => ({ profile, valid })),
      record.order.map(({ profile }) => ({ profile, valid: true })),
    );
    t.deepEqual(trials[0], cut.trials[0]);
    t.deepEqual(await objectsOfRuns(world), []);
  },
);
