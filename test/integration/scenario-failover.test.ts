/** Conditions in whole runs: what the failover scenario shows, shortened, and a service that does not survive its database. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";
import type { ConditionResult } from "../../harness/results/goals.ts";
import { isDisturbed } from "../../harness/results/other-cpu.ts";
import { readSeries } from "../../harness/results/read.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { testNeeding } from "../helpers/parts.ts";
import { show } from "../helpers/show-scenario.ts";

const needed = ["namespaces", "k6"] as const;

testNeeding([...needed], "failover: waiting for the database saves what failing at once loses", async (t) => {
  const shorter = (suite: Document) => {
    suite.setIn(["conditions", "normal", "lasting"], "2s");
    suite.setIn(["conditions", "peak", "lasting"], "2s");
    suite.setIn(["conditions", "failure", "lasting"], "9s");
    for (const [index, at] of ["1s", "3s", "5s"].entries())
      suite.setIn(["conditions", "failure", "actions", index, "at"], at);
    suite.setIn(["conditions", "failure", "actions", 0, "lasting"], "1s");
    suite.setIn(["conditions", "failure", "actions", 1, "restartAfter"], "300ms");
  };
  const { trials, analysis, verdict, stored } = await show(t, "failover", shorter);
  for (const trial of Object.values(trials)) {
    t.is(trial.fault, null, "what was done on purpose is no wall");
    t.deepEqual(
      trial.conditions.map(({ name, goals }) => `${name} ${goals.length}`),
      ["normal 3", "peak 3", "failure 3"],
    );
    const { events } = readSeries(stored.folder, trial);
    const done = events.flatMap((event) =>
      event.kind.startsWith("action-") && "role" in event ? [`${event.kind} ${event.role}`] : [],
    );
    t.deepEqual(
      done,
      ["db", "target-2", "db"].flatMap((role) => [`action-started ${role}`, `action-ended ${role}`]),
    );
    t.true((failure(trial)?.latencyMs?.max ?? 0) >= 100, "the added latency");
    t.deepEqual(Object.keys(failure(trial)?.cpuCores ?? {}), ["generator", "target", "target-1", "target-2", "db"]);
    t.true(faultsOf(trial, "ECONNREFUSED") > 0, "the killed copy gets its share all the same");
    t.is(trial.conditions[0]?.faultRatio, 0);
  }
  t.true(faultsOf(trials.baseline, "HTTP 503") > 0);
  // Beside another load its patience may be over before the database is back.
  t.true(
    faultsOf(trials.patient, "HTTP 503") === 0 || (trials.patient !== undefined && isDisturbed(trials.patient)),
    "patience saves them",
  );
  const missed = failure(trials.baseline)
    ?.goals.filter(({ kept }) => kept === false)
    .map(({ measure }) => measure);
  t.true(missed?.includes("faultRatio"));
  t.true((failure(trials.patient)?.latencyMs?.max ?? 0) > (failure(trials.baseline)?.latencyMs?.max ?? 0));
  t.not(failure(trials.patient)?.recoverySeconds, null);
  t.regex(verdict, /[Tt]he baseline misses .*failed requests <= \S+ in failure/);
  t.deepEqual(
    analysis.sizing.map(({ profile, copies }) => [profile, copies]),
    [
      ["baseline", 2],
      ["patient", 2],
    ],
  );
  const page = readFileSync(join(stored.folder, "report.html"), "utf8");
  t.regex(page, /id="conditions"[\s\S]*id="sizing"/);
});

testNeeding(
  [...needed],
  "a service that ends with its database has broken: valid, and its goals are missed",
  async (t) => {
    const failing = (suite: Document) => {
      for (const path of [
        ["load", "rate"],
        ["stop"],
        ["profiles", "reuse"],
        ["profiles", "range"],
        ["profiles", "backlog"],
      ]) {
        suite.deleteIn(path);
      }
      suite.setIn(["target", "command"], ["node", "-e", withoutDatabase]);
      const actions = [{ at: "1s", kill: "db", restartAfter: "200ms" }];
      const goals = { faultRatio: "<= 5%", sustainedPerSecond: ">= 90" };
      suite.setIn(["conditions"], {
        normal: { rate: "100/s", lasting: "2s", goals },
        failure: { rate: "100/s", lasting: "4s", actions, goals },
      });
    };
    const { trials } = await show(t, "keep-alive", failing);
    t.like(trials.baseline, { valid: true, outcome: "broke", stoppedBy: { criterion: "after" } });
    t.is(trials.baseline?.fault?.kind, "target-died");
    t.deepEqual(
      trials.baseline?.conditions.map(({ goals }) => goals.map(({ kept }) => kept)),
      [
        [true, true],
        [false, false],
      ],
    );
    t.is(failure(trials.baseline)?.recoverySeconds, null);
  },
);

/** Serves as long as it is connected to its database. */
const withoutDatabase = [
  "const { DB_HOST: host, DB_PORT: port, PORT } = process.env;",
  'require("net").connect({ host, port }).once("close", () => { console.error("database lost"); process.exit(1); });',
  'require("http").createServer((_, response) => response.end("ok")).listen(PORT);',
].join(" ");

function failure(trial: TrialRecord | undefined): ConditionResult | undefined {
  return trial?.conditions.find(({ name }) => name === "failure");
}

function faultsOf(trial: TrialRecord | undefined, kind: string): number {
  return trial?.faults.find((fault) => fault.kind === kind)?.count ?? 0;
}
