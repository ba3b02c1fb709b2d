/** What a trial makes of parts and scripts that do not do as they should. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { invalidWords } from "../../harness/report/words/invalid-reasons.ts";
import { isDisturbed } from "../../harness/results/disturbance.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { leftBehind } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { onlyRun, openWorld, runWhole, type SuiteChanges } from "../helpers/whole-run.ts";
import { halved } from "../helpers/whole-story.ts";

const baselineOnly = ["--profiles", "baseline"];

testNeeding(
  ["namespaces", "k6"],
  "a target that dies under load broke: its last words are kept, and hostile ones reach neither the terminal nor the page raw",
  async (t) => {
    const world = await openWorld(t, {
      // Neither dials anyone.
      edit: (suite) =>
        suite.set("profiles", {
          baseline: { command: ["node", "dies.ts"] },
          hostile: { command: ["node", "hostile.ts"] },
        }),
    });
    const { exitCode, stdout, stderr } = await runWhole(world);
    t.is(exitCode, 0, stderr);
    const { folder, trials } = onlyRun(world);
    const { baseline, hostile } = Object.fromEntries(trials.map((trial) => [trial.profile, trial]));
    for (const trial of [baseline, hostile])
      t.like(trial, { valid: true, outcome: "broke", stoppedBy: { criterion: "target-died" } });
    t.deepEqual(baseline?.lastWords.target, ["out of memory: the arena is full"]);
    t.regex(stderr, /Target crashed/);
    t.regex(stderr, /the arena is full/);
    t.true(
      hostile?.lastWords.target?.some((line) => line.includes("</script><img")),
      "kept as evidence, as it was",
    );
    t.false(hasControls(stderr + stdout), "no control characters");
    for (const line of stderr.split("\n")) t.true(line.length <= 80 || line.includes(world.folder), line);
    for (const name of ["report.html", "report.md", "summary.csv"]) {
      const text = readFileSync(join(folder, name), "utf8");
      t.false(text.includes("<img src=x"), `${name} must escape markup`);
      t.false(hasControls(text), `${name} must hold no control characters`);
    }
  },
);

testNeeding(["namespaces", "k6"], "a target that never gets ready: no load, why, exit 4", async (t) => {
  const world = await openWorld(t, {
    edit(suite) {
      suite.setIn(["target", "command"], ["node", "-e", "console.log('warming up'); setInterval(() => {}, 1000)"]);
      suite.setIn(["target", "ready"], { http: "/", within: "1s" });
    },
  });
  const { exitCode, stderr } = await runWhole(world, baselineOnly);
  t.is(exitCode, 4, stderr);
  const [trial] = onlyRun(world).trials;
  t.like(trial, { valid: false, outcome: "failed", requests: 0, lastWords: { target: ["warming up"] } });
  const words = invalidWords(trial?.invalidReason ?? null);
  t.regex(words, /target was not ready within 1 s \(GET \/ on port 8080/);
  t.regex(words, /; nothing listens on port 8080 .*; it wrote: warming up$/);
  t.regex(stderr, /INVALID: target was not ready/);
  t.notRegex(stderr, /\n {4}at /, "no stack");
  t.deepEqual(await leftBehind(world), []);
});

testNeeding(
  ["namespaces", "k6"],
  "a fault that only the target's log names; one that nothing names is inferred from the ports",
  async (t) => {
    const told = (where: string) => ({ env: { FAULT_TOLD: where } });
    const world = await openWorld(t, {
      edit(suite) {
        halved(suite);
        // Until the fault is told, however slowly on a busy machine, and not for so many requests.
        suite.deleteIn(["stop", "requests"]);
        suite.set("profiles", { baseline: told("log"), silent: told("nowhere") });
      },
    });
    const { exitCode, stderr } = await runWhole(world);
    t.is(exitCode, 0, stderr);
    const { baseline, silent } = Object.fromEntries(onlyRun(world).trials.map((trial) => [trial.profile, trial]));
    for (const trial of [baseline, silent])
      t.like(trial, { valid: true, outcome: "broke", stoppedBy: { criterion: "fault" } });
    t.like(baseline?.fault, { kind: "EADDRNOTAVAIL", side: "target", seenIn: "log", inferred: false });
    t.like(silent?.fault, { kind: "EADDRNOTAVAIL", side: "target", seenIn: "inferred", inferred: true });
    t.true(silent?.caveats.some(({ code }) => code === "inferred-fault"));
  },
);

testNeeding(["namespaces", "k6"], "a script that throws: the trial is invalid, with the place, exit 4", async (t) => {
  const script = `import { request } from "tunebench/k6";\n\nexport default function () {\n  request("/");\n  throw new Error("lost");\n}\n`;
  const world = await openWorld(t, { edit: short, files: { "load.ts": script } });
  const { exitCode, stderr } = await runWhole(world, baselineOnly);
  t.is(exitCode, 4, stderr);
  const [trial] = onlyRun(world).trials;
  t.like(trial, { valid: false, outcome: "failed", stoppedBy: { criterion: "script-threw" } });
  t.regex(invalidWords(trial?.invalidReason ?? null), /the script threw: Error: lost\s[\s\S]*\(load\.ts:5:/);
  t.regex(stderr, /load\.ts:5:/);
});

testNeeding(
  ["namespaces", "k6"],
  "a script with an npm package, the lib by name, and a load of its own that gives way",
  async (t) => {
    const own = {
      ...{ vus: 1, iterations: 1, rps: 1, minIterationDuration: "1s", paused: true },
      ...{ executionSegment: "0:1/4", executionSegmentSequence: "0,1/4,1" },
    };
    const script = `import { paths } from "greet";\nimport { request } from "tunebench/k6";\nexport const options = ${JSON.stringify(own)};\nexport default function () { request(paths[0]); }\n`;
    const files = {
      "load.ts": script,
      "node_modules/greet/package.json": `{ "name": "greet", "version": "1.0.0", "main": "index.js" }`,
      "node_modules/greet/index.js": `exports.paths = ["/hello"];\n`,
    };
    const world = await openWorld(t, { edit: short, files });
    const { exitCode, stderr } = await runWhole(world, baselineOnly);
    t.is(exitCode, 0, stderr);
    const [trial] = onlyRun(world).trials as [TrialRecord];
    t.like(trial, { valid: true, faults: [] });
    t.true(trial.successes > 700 || isDisturbed(trial), `${trial.successes}`);
  },
);

/** Escape, bell, and the one-byte CSI. */
function hasControls(text: string): boolean {
  return ["\u001B", "\u0007", "\u009B"].some((control) => text.includes(control));
}

const short: Required<SuiteChanges>["edit"] = (suite) => {
  suite.setIn(["stop", "after"], "1s");
  suite.deleteIn(["stop", "requests"]);
};
