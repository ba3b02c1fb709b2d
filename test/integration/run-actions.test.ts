import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { performActions } from "../../harness/experiment/perform-actions.ts";
import { createRecording } from "../../harness/experiment/recording.ts";
import { createTrialParts, type TrialParts } from "../../harness/experiment/trial-parts.ts";
import type { Condition, ConditionAction } from "../../harness/results/goals.ts";
import type { NetnsTrialBed } from "../../harness/testbeds/netns/trial.ts";
import { evaluateInside, lineOf } from "../helpers/inside.ts";
import { testNeeding } from "../helpers/parts.ts";
import { echoPart, suiteOf, withTrialBed } from "../helpers/suites.ts";

/** A condition that begins at once. */
function doing(...actions: ConditionAction[]): Condition[] {
  return [{ name: "failure", perSecond: 1, lastingMs: 60_000, actions, goals: [] }];
}

/** Two copies and a database, ready. */
async function withParts(
  conditions: Condition[],
  body: (bed: NetnsTrialBed, parts: TrialParts) => Promise<void>,
  db = echoPart({ command: ["node", "lines.ts"], port: 3306 }),
): Promise<void> {
  const suite = suiteOf({
    target: echoPart({ replicas: 2 }),
    upstreams: { db },
    experiment: { kind: "conditions", conditions },
  });
  await withTrialBed({ suite }, async (bed) => {
    const started = ["db", "target", "target-2"].map((role) => bed.start(role));
    await body(bed, createTrialParts(await Promise.all(started)));
  });
}

const kill = (changes: Partial<Extract<ConditionAction, { kind: "kill" }>> = {}): ConditionAction => {
  return { kind: "kill", part: "db", replica: 1, atMs: 50, restartAfterMs: 100, ...changes };
};

testNeeding(
  ["namespaces"],
  "a part is killed and started again in its namespace; no death, and each is an event",
  async (t) => {
    const conditions = doing(kill(), kill({ part: "target", replica: 2, atMs: 80, restartAfterMs: null }));
    await withParts(conditions, async (bed, parts) => {
      const recording = createRecording();
      const before = pidOf(bed, "db");
      const died: string[] = [];
      parts.onDeath((role) => died.push(role));
      await performActions({ conditions, firstMs: 0, parts, bed, recording, stopped: new AbortController().signal });
      t.truthy(parts.of("db"));
      t.not(pidOf(bed, "db"), before);
      t.is(parts.of("target-2"), null);
      t.truthy(parts.of("target"));
      t.deepEqual(died, []);
      t.deepEqual(parts.deaths, {});
      const told = (of: string) => recording.events.filter((event) => "role" in event && event.role === of);
      for (const role of ["db", "target-2"]) {
        t.deepEqual(
          told(role).map(({ kind }) => kind),
          ["action-started", "action-ended"],
        );
      }
      const [started, ended] = told("db");
      // Node's timers count whole milliseconds, the recording does not.
      t.true((started?.atMs ?? 0) >= 49 && (ended?.atMs ?? 0) >= 148);
      t.like(ended, { condition: "failure", action: "kill" } as never);
      const restart = ended?.kind === "action-ended" && ended.action === "kill" ? ended.restart : null;
      t.true((restart?.startMs ?? 0) > 0 && (restart?.awayMs ?? 0) >= (restart?.startMs ?? 0));
    });
  },
);

testNeeding(
  ["namespaces"],
  "a pause stops all of a part, and it goes on afterwards; so it does where the load ends first",
  async (t) => {
    const pause = (replica: number, lastingMs: number): ConditionAction => {
      return { kind: "pause", part: "target", replica, atMs: 0, lastingMs };
    };
    await withParts(doing(), async (bed, parts) => {
      const recording = createRecording();
      const stop = new AbortController();
      const request = { firstMs: 0, parts, bed, recording };
      const pid = pidOf(bed, "target");
      await performActions({ ...request, conditions: doing(pause(1, 50)), stopped: stop.signal });
      await until(() => stateOf(pid) !== "T");
      const second = pidOf(bed, "target-2");
      const cut = performActions({ ...request, conditions: doing(pause(2, 60_000)), stopped: stop.signal });
      await until(() => stateOf(second) === "T");
      stop.abort();
      await cut;
      await until(() => stateOf(second) !== "T");
      t.deepEqual(
        recording.events.map(({ kind }) => kind),
        ["action-started", "action-ended", "action-started"],
      );
    });
  },
);

testNeeding(
  ["namespaces"],
  "requests take as much longer as was asked, while it lasts and not before or after",
  async (t) => {
    const conditions = doing({ kind: "latency", part: "db", atMs: 0, lastingMs: 1500, addedMs: 400 });
    await withParts(conditions, async (bed, parts) => {
      const recording = createRecording();
      const pings = await evaluateInside(
        bed,
        "target-2",
        `const socket = require("net").connect({ host: "${bed.addresses.db}", port: 13306, noDelay: true });
       let at; const ping = () => { at = performance.now(); socket.write("ping"); };
       socket.on("data", () => { console.log(performance.now() - at); setTimeout(ping, 5); }); ping();`,
      );
      t.true(Number(await lineOf(pings, () => true)) < 400);
      const slow = lineOf(pings, (line) => Number(line) >= 400);
      await performActions({
        conditions,
        firstMs: recording.now(),
        parts,
        bed,
        recording,
        stopped: new AbortController().signal,
      });
      t.true(Number(await slow) < 800, "delayed once, not twice");
      t.true(Number(await lineOf(pings, (line) => Number(line) < 400)) < 400);
      const [started, ended] = recording.events;
      t.true((ended?.atMs ?? 0) - (started?.atMs ?? 0) >= 1400);
    });
  },
);

testNeeding(
  ["namespaces"],
  "what has nothing to act on is skipped; what had not begun when the load stopped is left",
  async (t) => {
    const conditions = doing(
      kill({ restartAfterMs: null }),
      kill({ atMs: 100, restartAfterMs: null }),
      kill({ atMs: 50_000 }),
    );
    await withParts(conditions, async (bed, parts) => {
      const recording = createRecording();
      const stop = new AbortController();
      const done = performActions({ conditions, firstMs: 0, parts, bed, recording, stopped: stop.signal });
      await until(() => recording.events.some(({ kind }) => kind === "action-skipped"));
      stop.abort();
      await done;
      t.deepEqual(recording.events.map(({ kind }) => kind).toSorted(), [
        "action-ended",
        "action-skipped",
        "action-started",
      ]);
    });
  },
);

testNeeding(
  ["namespaces"],
  "a part that can't be started again is lost, with its last words; one that dies by itself too",
  async (t) => {
    const once = `const fs = require("fs"); if (fs.existsSync(process.argv[1])) { console.log("no second time"); process.exit(3); }
    fs.writeFileSync(process.argv[1], ""); require("net").createServer().listen(3306, "0.0.0.0");`;
    const db = echoPart({ command: ["node", "-e", once, `\${data}/started`], port: 3306 });
    const conditions = doing(kill());
    await withParts(
      conditions,
      async (bed, parts) => {
        const recording = createRecording();
        const died: string[] = [];
        parts.onDeath((role) => died.push(role));
        await performActions({
          conditions,
          firstMs: 0,
          parts,
          bed,
          recording,
          stopped: new AbortController().signal,
        });
        t.true(recording.events.some((event) => event.kind === "action-failed" && event.role === "db"));
        t.deepEqual(parts.deaths.db, ["no second time"]);
        const target = parts.of("target");
        process.kill(pidOf(bed, "target"), "SIGKILL");
        await target?.ended;
        t.deepEqual(died, ["db", "target"]);
        t.is(parts.of("target"), null);
      },
      db,
    );
  },
);

/** Of the one program that runs in a role's namespaces. */
function pidOf(bed: NetnsTrialBed, role: string): number {
  const [pid, ...others] = bed.watch(role).partPids();
  if (pid === undefined || others.length > 0) throw new Error(`not one part of ${role}`);
  return pid;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(5);
}

/** T = stopped (proc(5)). */
function stateOf(pid: number): string | undefined {
  return /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
}
