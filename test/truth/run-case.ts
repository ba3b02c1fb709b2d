import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import type { Document } from "yaml";
import { treeFile } from "../helpers/cli.ts";
import { makeGroup } from "../helpers/control-group.ts";
import { truthServices } from "../helpers/truth-services.ts";
import { openWorld, runWhole, type Start, type World } from "../helpers/whole-run.ts";
import type { TruthCase } from "./case.ts";
import { type ToldProfile, toldAnalysis } from "./judge.ts";

/** Runs a case's suite as a user would, to the end, and gives what analysis.json says of each profile. */
export async function runCase(t: ExecutionContext, one: TruthCase): Promise<ToldProfile[]> {
  const world = await openWorld(t, { from: treeFile("test/truth/suite"), edit: (suite) => lay(suite, one) });
  await bringServices(t, world);
  const start = besideRun(t, world, one);
  const { exitCode, stderr } = await runWhole(world, [], start);
  t.is(exitCode, 0, stderr);
  t.log(stderr);
  const [run = ""] = readdirSync(world.out);
  const folder = join(world.out, run);
  keep(folder, one.name);
  const told = toldAnalysis.parse(JSON.parse(readFileSync(join(folder, "analysis.json"), "utf8")));
  return told.profiles.map((profile) => ({ ...profile, caveats: [...profile.caveats, ...told.caveats] }));
}

/** The suite of a case: what all have in common, its own parts, and its controls as profiles. */
function lay(suite: Document, one: TruthCase): void {
  layParts(suite, one);
  for (const [control, profile] of Object.entries(one.controls))
    suite.setIn(["profiles", control], suite.createNode(profile));
}

/** What all have in common, under the case's name and with its own parts. */
export function layParts(suite: Document, { name, suite: own }: Pick<TruthCase, "name" | "suite">): void {
  suite.set("name", name);
  for (const [key, value] of Object.entries(own)) {
    if (key !== "load" && key !== "stop") suite.set(key, suite.createNode(value));
    else for (const [inner, part] of Object.entries(value)) suite.setIn([key, inner], suite.createNode(part));
  }
}

/** Lays the Go program with the services beside the suite, where its commands name it. */
export async function bringServices(t: ExecutionContext, world: World): Promise<void> {
  const program = await truthServices({ env: process.env, onProgress: (line) => t.log(line) });
  mkdirSync(join(world.folder, "bin"));
  copyFileSync(program, join(world.folder, "bin/service"));
}

/** What is there beside the run, until the test is over; and how the run is started because of it. */
function besideRun(t: ExecutionContext, world: World, { beside }: TruthCase): Start {
  if (beside === undefined) return {};
  if ("group" in beside) return insideGroup(world, makeGroup(t, beside));
  for (const loop of Array.from({ length: beside.busyLoops }, () =>
    execa("sh", ["-c", "while :; do :; done"], { reject: false }),
  ))
    t.teardown(() => loop.kill());
  return {};
}

/** The rig's namespaces have a /sys of their own, without control groups: the group's folder lies beside the suite, in mounts of the run's own. */
function insideGroup(world: World, group: string): Start {
  const place = join(world.folder, "group");
  mkdirSync(place);
  return { through: ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" "$1" && shift && exec "$@"', group, place] };
}

/** With TUNEBENCH_TRUTH_KEEP the run's folder is kept there, by the case's name. */
export function keep(folder: string, name: string): void {
  const place = process.env.TUNEBENCH_TRUTH_KEEP;
  if (place !== undefined) cpSync(folder, join(place, name), { recursive: true });
}
