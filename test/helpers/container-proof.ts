import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import { treeFile } from "./cli.ts";
import type { TestEngine } from "./container-engines.ts";
import { onlyRun, openWorld, said, startRun, startTunebench, type World } from "./whole-run.ts";

/** As tunebench writes its own labels and names them. */
const partial = "tunebench-";

/** The fixture's compose file is driven to its wall, killed so many ms after its first trial began, and cleaned. */
export async function provesContainers(
  t: ExecutionContext,
  open: (t: ExecutionContext) => Promise<TestEngine>,
  killedAfterMs: number[],
): Promise<void> {
  const engine = await open(t);
  const world = await openWorld(t, { from: treeFile("test/fixtures/containers") });
  Object.assign(world.env, engine.env);
  await reachesItsWall(t, engine, world);
  await leavesNothing(t, engine, world, killedAfterMs);
  await isCleaned(t, engine, world);
}

/** No process has that pid: kernels give out none above 4194304. */
const gone = 4_194_305;

async function isCleaned(t: ExecutionContext, engine: TestEngine, world: World): Promise<void> {
  const [dead, alive] = [gone, process.pid].map((pid) => {
    const [space = ""] = /\d+/.exec(readlinkSync("/proc/self/ns/pid")) ?? [];
    return `${partial}${space}.partial-${pid}-0123456789ab`;
  });
  for (const trial of [dead, alive]) {
    const name = [`--name=${trial}.target.0`, `--label=tunebench.trial=${trial}`];
    await execa(engine.name, ["create", "--network=none", ...name, "tunebench-test:1"], { env: engine.env });
  }
  const { stdout } = await startTunebench(world, ["clean"]);
  t.regex(stdout, new RegExp(`^${engine.name} container ${dead}\\.target\\.0$`, "m"));
  t.deepEqual(await engine.left(), [`${alive}.target.0`]);
}

async function reachesItsWall(t: ExecutionContext, engine: TestEngine, world: World): Promise<void> {
  const { exitCode, stderr } = await startRun(world);
  t.is(exitCode, 0, stderr);
  t.regex(stderr, /compose\.yaml:\d+: \/var\/lib\/kept is as the image has it at the start of each trial/);
  const { run, trials, folder } = onlyRun(world);
  const [trial] = trials;
  t.like(run.provenance.environment, { kind: "netns" });
  t.regex(run.provenance.environment.containers?.engine ?? "", new RegExp(`^${engine.name} \\d+\\.`));
  t.regex(run.provenance.environment.containers?.images["tunebench-test:1"] ?? "", /^sha256:[0-9a-f]{64}$/);
  t.is(trial?.outcome, "broke");
  t.is(trial?.fault?.kind, "EADDRNOTAVAIL");
  const effective = (key: string) => trial?.sysctls.find((one) => one.role === "target" && one.key === key);
  t.like(effective("net.core.somaxconn"), { effective: "555", after: "555" });
  t.like(effective("net.ipv4.ip_local_port_range"), { effective: "20000 20299", after: "20000 20299" });
  const texts = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
  t.false(
    texts.some((text) => text.includes("a b=c")),
    "a secret stands in a record",
  );
  t.deepEqual(await engine.left(), []);
}

/** SIGKILL of the harness, so long after its first trial began. */
async function leavesNothing(t: ExecutionContext, engine: TestEngine, world: World, afterMs: number[]): Promise<void> {
  for (const ms of afterMs) {
    const run = startRun(world);
    await said(run, /results in/);
    await wait(ms);
    run.kill("SIGKILL");
    await run;
    t.deepEqual(await leftAfter(10_000, engine), [], `killed after ${ms} ms`);
  }
}

/** Containers, volumes and processes of theirs that are still there once the time is over; [] as soon as there are none. */
async function leftAfter(withinMs: number, engine: TestEngine): Promise<string[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const left = [...(await engine.left()), ...processesOf("/service"), ...processesOf(partial)];
    if (left.length === 0 || performance.now() > deadline) return left;
    await wait(50);
  }
}

/** Command lines that begin with a program, or have a word that begins so. */
function processesOf(word: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return words.some((one) => one.startsWith(word) || one.startsWith(`--name=${word}`)) ? [words.join(" ")] : [];
      } catch {
        return [];
      }
    });
}
