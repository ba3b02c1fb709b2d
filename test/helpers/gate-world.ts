import { readFileSync } from "node:fs";
import type { ExecutionContext } from "ava";
import { type Document, parseDocument } from "yaml";
import { treeFile, tunebench } from "./cli.ts";
import type { ToldGate } from "./told.ts";
import { openWorld, runWhole, type World } from "./whole-run.ts";

/** A world with a copy of scenarios/keep-alive/short.yaml, and a candidate in it. */
export async function keepAliveWorld(
  t: ExecutionContext,
  candidate: object,
  edit: (suite: Document) => void,
): Promise<World> {
  return await openWorld(t, {
    from: treeFile("scenarios/keep-alive"),
    files: { "../lib/k6.ts": readFileSync(treeFile("scenarios/lib/k6.ts"), "utf8") },
    edit: (suite) => {
      suite.contents = parseDocument(readFileSync(treeFile("scenarios/keep-alive/short.yaml"), "utf8")).contents;
      suite.setIn(["profiles", "candidate"], candidate);
      edit(suite);
    },
  });
}

/** Runs a world's suite and asks the gate about it; fails the test where the run itself fails. */
export async function runAndGate(t: ExecutionContext, world: World): Promise<{ exitCode: number; gate: ToldGate }> {
  const run = await runWhole(world);
  t.is(run.exitCode, 0, run.stderr);
  return await gateOf(t, world, ["--baseline", "baseline", "--candidate", "candidate"]);
}

/** What the gate says of a world's last run. */
export async function gateOf(
  t: ExecutionContext,
  world: World,
  args: string[],
): Promise<{ exitCode: number; gate: ToldGate }> {
  const { exitCode, stdout, stderr } = await tunebench([
    "gate",
    "latest",
    "--results",
    world.out,
    "--format",
    "json",
    ...args,
  ]);
  t.is(stderr, "");
  return { exitCode: exitCode ?? -1, gate: JSON.parse(stdout) };
}
