import type { Condition } from "../../harness/results/goals.ts";
import type { Suite } from "../../harness/suite/suite.ts";
import type { NetnsTrialBed } from "../../harness/testbeds/netns/trial.ts";
import { evaluateInside, lineOf, linesOf } from "../helpers/inside.ts";
import { testNeeding } from "../helpers/parts.ts";
import { echoPart, suiteOf, withTrialBed } from "../helpers/suites.ts";

const slower: Condition = {
  name: "slower",
  perSecond: 1,
  lastingMs: 1000,
  actions: [{ kind: "latency", part: "db", atMs: 0, lastingMs: 1000, addedMs: 400 }],
  goals: [],
};

/** A target with an upstream that is reached through a relay. */
function relayed(): Suite {
  return suiteOf({
    upstreams: { db: echoPart({ command: ["node", "lines.ts"], port: 3306 }) },
    experiment: { kind: "conditions", conditions: [slower] },
  });
}

/** A client in the target's namespace: `socket` is its connection to the relay. */
function client(bed: NetnsTrialBed, script: string) {
  const connect = `const socket = require("net").connect({ host: "${bed.addresses.db}", port: 13306, allowHalfOpen: true, noDelay: true });
    socket.on("error", (error) => console.log(error.code)); socket.on("close", () => console.log("closed"));`;
  return evaluateInside(bed, "target", `${connect}\n${script}`);
}

testNeeding(
  ["namespaces"],
  "answers come later while the relay is told so, on connections that are open too",
  async (t) => {
    await withTrialBed({ suite: relayed() }, async (bed) => {
      await bed.start("db");
      const pings = await client(
        bed,
        `let at; const ping = () => { at = performance.now(); socket.write("ping"); };
       socket.on("data", () => { console.log(performance.now() - at); setTimeout(ping, 5); }); ping();`,
      );
      t.true(Number(await lineOf(pings, () => true)) < 400);
      await bed.inject({ kind: "latency", role: "db", addedMs: 400 });
      const later = await lineOf(pings, (line) => Number(line) >= 400);
      t.log(`${later} ms with 400 ms added`);
      await bed.inject({ kind: "latency", role: "db", addedMs: 0 });
      t.true(Number(await lineOf(pings, (line) => Number(line) < 400)) < 400);
      pings.signal("SIGKILL");
    });
  },
);

testNeeding(["namespaces"], "resets and half-closes pass the relay, in the order in which they came", async (t) => {
  await withTrialBed({ suite: relayed() }, async (bed) => {
    await bed.start("db");
    await bed.inject({ kind: "latency", role: "db", addedMs: 30 });
    const collect = `let all = ""; socket.on("data", (bytes) => { all += bytes; }); socket.on("end", () => console.log(all));`;
    const big = 3_000_000;
    const half = await client(
      bed,
      `${collect.replace("all)", "all.length, all.slice(-7))")} socket.end("x".repeat(${big}));`,
    );
    t.is(
      await linesOf(half),
      `${big + "goodbye".length} goodbye\nclosed`,
      "all data, then what follows the half-close",
    );
    t.is(await linesOf(await client(bed, `socket.write("reset");`)), "ECONNRESET\nclosed");
  });
});

testNeeding(
  ["namespaces"],
  "without its upstream the relay refuses connections, and takes them again after",
  async (t) => {
    await withTrialBed({ suite: relayed() }, async (bed) => {
      const db = await bed.start("db");
      const open = await client(
        bed,
        `socket.once("connect", () => console.log("connected")); socket.on("end", () => socket.end());`,
      );
      await lineOf(open, (line) => line === "connected");
      db.signalAll("SIGKILL");
      t.is((await db.ended).signal, "SIGKILL");
      t.regex(await linesOf(open), /^connected\n(ECONNRESET\n)?closed$/, "the death reaches connections that are open");
      const words = async () =>
        linesOf(await client(bed, `socket.once("connect", () => { console.log("connected"); socket.end(); });`));
      let said = await words();
      while (!said.includes("ECONNREFUSED")) said = await words();
      await bed.start("db");
      t.regex(await words(), /^connected/);
    });
  },
);
