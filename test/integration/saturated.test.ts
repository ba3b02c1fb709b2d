/** A service that can't keep up, and a generator that can't: the same programs, told apart whatever the number of users. */
import type { Document } from "yaml";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { heldButFor } from "../helpers/held.ts";
import { testNeeding } from "../helpers/parts.ts";
import { onlyRun, openWorld, runWhole } from "../helpers/whole-run.ts";

/** Answers after MS, PLACES at a time; after the first hundred requests FORGOTTEN of them never. */
const service = `
import { createServer } from "node:http";
const { PORT, PLACES, MS, FORGOTTEN } = process.env;
const waiting = [];
let [busy, asked] = [0, 0];
const next = () => {
  const response = busy < Number(PLACES) ? waiting.shift() : undefined;
  if (response === undefined) return;
  busy += 1;
  setTimeout(() => {
    busy -= 1;
    response.end("ok");
    next();
  }, Number(MS));
};
createServer((request, response) => {
  if (request.url === "/ready") return response.end();
  asked += 1;
  if (asked > 100 && asked <= 100 + Number(FORGOTTEN)) return;
  waiting.push(response);
  next();
}).listen(Number(PORT));
`;

const script = `
import http from "k6/http";
export default () => http.get(__ENV.TARGET_URL + "/");
`;

function suiteOf(profiles: Record<string, unknown>, stop: Record<string, unknown> = {}) {
  return (suite: Document) => {
    const env = { PLACES: "2", MS: "20", FORGOTTEN: "0" };
    const ready = { http: "/ready", within: "10s" };
    suite.set("target", { command: ["node", "service.mjs"], port: 8080, ready, env });
    suite.delete("upstreams");
    suite.set("load", { script: "load.ts", rate: "400/s", virtualUsers: 50 });
    suite.set("stop", { after: "4s", ...stop });
    suite.set("profiles", profiles);
    suite.set("baseline", Object.keys(profiles)[0]);
  };
}

async function trialsOf(
  t: Parameters<typeof openWorld>[0],
  edit: (suite: Document) => void,
): Promise<Record<string, TrialRecord>> {
  const world = await openWorld(t, { edit, files: { "service.mjs": service, "load.ts": script } });
  const { exitCode, stderr } = await runWhole(world);
  t.is(exitCode, 0, stderr);
  t.log(stderr);
  return Object.fromEntries(onlyRun(world).trials.map((trial) => [trial.profile, trial]));
}

testNeeding(
  ["namespaces", "k6"],
  "two places of 20 ms, asked for four times as much: the target's with 5, 50 and 500 users",
  async (t) => {
    const users = (virtualUsers: number) => ({ load: { virtualUsers } });
    const trials = await trialsOf(t, suiteOf({ few: users(5), some: users(50), many: users(500) }));
    for (const [name, { outcome, generator, kept }] of Object.entries(trials)) {
      t.deepEqual({ name, outcome, signs: generator.signs }, { name, outcome: "saturated", signs: [] });
      t.true((kept?.servedPerSecond ?? 400) < 0.5 * (kept?.askedPerSecond ?? 0), name);
    }
  },
);

testNeeding(
  ["namespaces", "k6"],
  "one user before a service that answers at once is the generator's limit",
  async (t) => {
    const at = { env: { MS: "0", PLACES: "1000" } };
    const { one, enough } = await trialsOf(
      t,
      suiteOf({ enough: at, one: { ...at, load: { virtualUsers: 1, rate: "8000/s" } } }, { after: "2.5s" }),
    );
    t.true(one?.generator.bound);
    t.is(one?.outcome, "held");
    t.true(heldButFor(enough), enough?.outcome);
  },
);

testNeeding(
  ["namespaces", "k6"],
  "users that are never answered are counted, and the load ends once it has fallen behind",
  async (t) => {
    const { forgets, behind } = await trialsOf(
      t,
      suiteOf(
        { forgets: { env: { FORGOTTEN: "45", PLACES: "1000", MS: "1" }, load: { rate: "100/s" } }, behind: {} },
        { saturated: { windows: 4 } },
      ),
    );
    t.is(forgets?.outcome, "saturated");
    t.true((forgets?.kept?.unansweredUsers ?? 0) >= 40, String(forgets?.kept?.unansweredUsers));
    t.false(forgets?.generator.bound);
    t.like(behind, { outcome: "saturated", stoppedBy: { criterion: "saturated", windows: 4 } });
  },
);
