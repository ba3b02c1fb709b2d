import { readFileSync } from "node:fs";
import type { ExecutionContext } from "ava";
import type { Document } from "yaml";
import type { Gate } from "../../harness/analysis/gate-record.ts";
import { treeFile, tunebench } from "./cli.ts";
import { openWorld, runWhole, type World } from "./whole-run.ts";

/** A world with a copy of the keep-alive scenario that only has a baseline and a candidate, under a load that it carries easily. */
export async function keepAliveWorld(
  t: ExecutionContext,
  candidate: object,
  edit: (suite: Document) => void,
): Promise<World> {
  return await openWorld(t, {
    from: treeFile("scenarios/keep-alive"),
    files: { "../lib/k6.ts": readFileSync(treeFile("scenarios/lib/k6.ts"), "utf8") },
    edit: (suite) => {
      suite.setIn(["load", "rate"], "500/s");
      suite.set("profiles", { baseline: {}, candidate });
      edit(suite);
    },
  });
}

/** Runs a world's suite and asks the gate about it; fails the test where the run itself fails. */
export async function runAndGate(t: ExecutionContext, world: World): Promise<{ exitCode: number; gate: Gate }> {
  const run = await runWhole(world);
  t.is(run.exitCode, 0, run.stderr);
  return await gateOf(t, world, ["--baseline", "baseline", "--candidate", "candidate"]);
}

/** What the gate says of a world's last run. */
export async function gateOf(
  t: ExecutionContext,
  world: World,
  args: string[],
): Promise<{ exitCode: number; gate: Gate }> {
  const { exitCode, stdout, stderr } = await tunebench([
    "gate",
    "latest",
    "--out",
    world.out,
    "--format",
    "json",
    ...args,
  ]);
  t.is(stderr, "");
  return { exitCode: exitCode ?? -1, gate: JSON.parse(stdout) };
}
