/** Runs that are cut off and go on, trials that are run again, calibration. */
import { appendFileSync, chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { readRun, runIds } from "../../harness/results/read.ts";
import type { PlannedTrial } from "../../harness/results/run.ts";
import { leftBehind, networksOf, strayFiles } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { openQuickWorld, pidOf } from "../helpers/quick-world.ts";
import {
  onlyRun,
  openWorld,
  runWhole,
  said,
  startRun,
  tunebenchArgv,
  type World,
  withoutDisturbed,
} from "../helpers/whole-run.ts";

testNeeding(["namespaces", "k6"], "SIGKILL in the second of four trials: resumed as if it had not been", async (t) => {
  const world = await openQuickWorld(t, 1, (suite) => suite.set("blocks", 2));
  const run = startRun(world);
  await said(run, /trial 2\/4 .* started/);
  await pidOf(world, "k6");
  const networks = networksOf(world);
  run.kill("SIGKILL");
  t.is((await run).signal, "SIGKILL");
  t.deepEqual(await leftBehind(world, networks), []);
  const before = onlyRun(world);
  const kept = contentsOf(join(before.folder, "trials"), (name) => name.startsWith("001-"));
  t.is(before.trials.length, 1);
  t.is(before.run.ended, null);

  const [one, other] = await Promise.all([startResume(world), startResume(world)]);
  const [won, lost] = one.exitCode === 0 ? [one, other] : [other, one];
  t.is(won.exitCode, 0, won.stderr);
  t.is(lost.exitCode, 2, lost.stderr);
  t.regex(lost.stderr, /the run \S+ is under way in another process/);
  t.is(won.stdout, join(before.folder, "report.html"));
  t.regex(won.stderr, /4 trials, 1 of them here already/);

  const { folder, run: record, trials } = onlyRun(world);
  t.deepEqual(
    trials.map(({ sequence, block, profile }) => ({ sequence, block, profile })),
    record.order,
  );
  t.true(trials.every(({ valid, attempt }) => valid && attempt === 1));
  t.is(record.ended?.reason, "done");
  t.deepEqual(
    contentsOf(join(folder, "trials"), (name) => name.startsWith("001-")),
    kept,
  );
  t.deepEqual(
    readdirSync(join(folder, "trials")).sort(),
    record.order.map(({ sequence, block, profile }) => `00${sequence}-b${block}-${profile}`),
  );
  t.false(readdirSync(folder).some((name) => name.startsWith(".running") || name.includes("partial")));
  t.deepEqual(await leftBehind(world), []);
  t.deepEqual(strayFiles(world), []);

  const again = await startResume(world);
  t.like(again, { exitCode: 0, stdout: join(folder, "report.html") });
  t.regex(again.stderr, /is done: nothing is left to resume/);

  const [, second, third] = trials.map(({ sequence }) => join(folder, "trials", trialName(record.order, sequence)));
  const whole = readFileSync(join(second ?? "", "trial.json"), "utf8");
  writeFileSync(join(second ?? "", "trial.json"), whole.slice(0, 900));
  const damaged = await startResume(world);
  t.is(damaged.exitCode, 2, damaged.stderr);
  t.regex(damaged.stderr, /trial\.json: damaged record \(not JSON\)\n {2}remove that trial's folder/);
  writeFileSync(join(second ?? "", "trial.json"), whole);
  rmSync(third ?? "", { recursive: true });
  const completed = await startResume(world);
  t.is(completed.exitCode, 0, completed.stderr);
  t.regex(completed.stderr, /4 trials, 3 of them here already/);
  t.is(onlyRun(world).trials.length, 4);
  t.is(onlyRun(world).run.ended?.reason, "done");
});

testNeeding(
  ["namespaces", "k6"],
  "resume is refused where the suite's files or k6 are not the same, and says which",
  async (t) => {
    const world = await openQuickWorld(t, 1);
    const run = startRun(world, ["--profiles", "baseline"]);
    await said(run, /trial 1\/1 .* started/);
    run.kill("SIGINT");
    t.is((await run).exitCode, 130);
    const load = readFileSync(join(world.suite, "load.ts"), "utf8");
    appendFileSync(join(world.suite, "load.ts"), "// changed\n");
    writeFileSync(join(world.suite, "more.txt"), "");
    writeFileSync(join(world.suite, "README.md"), "no part of what is run\n");
    const refused = await startResume(world);
    t.is(refused.exitCode, 2);
    t.is(refused.stdout, "");
    t.regex(refused.stderr, /load\.ts was changed\n {2}put it back/);
    t.is(onlyRun(world).run.ended?.reason, "interrupted", "left as it was");
    t.is(onlyRun(world).trials.length, 0);
    writeFileSync(join(world.suite, "load.ts"), load);
    const resumed = await startResume(world);
    t.is(resumed.exitCode, 0, resumed.stderr);
    t.is(onlyRun(world).trials.length, 1);
    const added = onlyRun(world).run.caveats.find(({ code }) => code === "files-added");
    t.like(added, { since: { kind: "run", id: onlyRun(world).run.id }, files: ["more.txt"] });
  },
);

testNeeding(["namespaces", "k6"], "a target that dies at its first start only: the trial is run again", async (t) => {
  const once = [
    'import { existsSync, writeFileSync } from "node:fs";',
    'if (!existsSync("../home/died")) {',
    '  writeFileSync("../home/died", "");',
    '  throw new Error("not today");',
    "}",
    'await import("./target.ts");',
  ];
  const world = await openWorld(t, {
    files: { "once.ts": once.join("\n") },
    edit(suite) {
      suite.setIn(["target", "command"], ["node", "once.ts"]);
      suite.setIn(["load", "rate"], "400/s");
      suite.setIn(["stop", "requests"], 400);
      suite.set("retries", 1);
    },
  });
  chmodSync(world.home, 0o777);
  // That what was invalid comes after the block's other trials: faults-parts.
  const { exitCode, stderr } = await runWhole(world, ["--profiles", "baseline"]);
  t.is(exitCode, 0, stderr);
  const { trials } = onlyRun(world);
  t.like(trials[0], { valid: false, attempt: 1 });
  t.like(trials[1], { valid: true, attempt: 2, block: 1, sequence: 2 });
  t.is(withoutDisturbed(trials).length, 2);
  t.regex(stderr, /trial 2\/2 \S+ \(block 1, again\) started/);
  t.regex(stderr, /run done: 1 of 1 planned trial valid/);
});

testNeeding(
  ["namespaces", "k6"],
  "a calibration is what later runs take their noise from, until things change",
  async (t) => {
    const world = await openQuickWorld(t, 1);
    const [program = "", ...argv] = tunebenchArgv(["calibrate", "suite", "--blocks", "2"]);
    const calibration = await execa(program, argv, {
      reject: false,
      cwd: world.folder,
      env: { NO_COLOR: "1", ...world.env },
    });
    t.is(calibration.exitCode, 0, calibration.stderr);
    const made = onlyRun(world);
    t.is(calibration.stdout, join(made.folder, "report.html"));
    t.is(made.run.kind, "calibration");
    t.deepEqual(made.trials.map(({ profile }) => profile).sort(), [
      "baseline",
      "baseline",
      "baseline-again",
      "baseline-again",
    ]);

    writeFileSync(join(world.suite, "dump.rdb"), "");
    await beginRun(world);
    const first = newest(world).run;
    t.like(
      first.caveats.find(({ code }) => code === "files-added"),
      { since: { kind: "calibration", id: made.run.id }, files: ["dump.rdb"] },
    );
    t.like(first, { kind: "experiment", calibration: { runId: made.run.id, blocks: 2 } });
    t.is(first.calibration?.measures.sustainedPerSecond?.pairs, 2);

    appendFileSync(join(world.suite, "target.ts"), "// changed\n");
    await beginRun(world);
    const second = newest(world).run;
    t.is(second.calibration, null);
    t.like(
      second.caveats.find(({ code }) => code === "stale-calibration"),
      { differences: [{ kind: "file", file: "target.ts" }] },
    );
  },
);

/** A trial's folder below trials/. */
function trialName(order: PlannedTrial[], wanted: number): string {
  const { sequence, block, profile } = order.find((planned) => planned.sequence === wanted) as PlannedTrial;
  return `${String(sequence).padStart(3, "0")}-b${block}-${profile}`;
}

/** What a run takes its noise from stands in its record before its first trial: it need go no further. */
async function beginRun(world: World): Promise<void> {
  const run = startRun(world);
  await said(run, /trial 1\/2 .* started/);
  run.kill("SIGINT");
  await run;
}

function newest({ out }: World) {
  const [id] = runIds(out)
    .map((name) => readRun(join(out, name)))
    .toSorted((a, b) => b.run.startedAt.localeCompare(a.run.startedAt));
  if (id === undefined) throw new Error("there is no run");
  return id;
}

async function startResume(world: World) {
  const [program = "", ...argv] = tunebenchArgv(["resume", "latest"]);
  return await execa(program, argv, { reject: false, cwd: world.folder, env: { NO_COLOR: "1", ...world.env } });
}

/** Path -> bytes of every file below the entries that are asked for. */
function contentsOf(folder: string, asked: (name: string) => boolean): Record<string, string> {
  const paths = readdirSync(folder)
    .filter(asked)
    .flatMap((name) => readdirSync(join(folder, name)).map((file) => join(name, file)));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), "base64")]));
}
