/** A load by Locust: what a locustfile does is counted as it is, and a run says of a service what a run by k6 says. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Window } from "../../harness/results/window.ts";
import { treeFile } from "../helpers/cli.ts";
import { listening } from "../helpers/k6-trial.ts";
import { leftBehind } from "../helpers/left-behind.ts";
import { byLocust, dialling, lendLocust, runLocust, shareLocust } from "../helpers/locust-trial.ts";
import { testNeeding } from "../helpers/parts.ts";
import { onlyRun, openWorld, runWhole, startTunebench } from "../helpers/whole-run.ts";

/** All that a team's file may hold; two classes by weight, a TaskSet, a tag that is left out, names with ids. */
const everyKind = `
import itertools, os
from locust import FastHttpUser, HttpUser, TaskSet, between, constant, tag, task

number = itertools.count()

class Shelf(TaskSet):
    @task(2)
    def book(self):
        self.client.get(f"/books/{next(number) + 1000}")
    @task
    def leave(self):
        self.interrupt()

class Reader(FastHttpUser):
    weight = 3
    wait_time = between(0.05, 0.15)
    tasks = [Shelf]
    def on_start(self):
        self.client.get("/login", name="login")

class Buyer(HttpUser):
    wait_time = constant(0.1)
    @task(3)
    def buy(self):
        with self.client.post("/buy", data="1", catch_response=True) as response:
            if response.text != "bought":
                response.failure("sold out")
    @task
    def missing(self):
        self.client.get("/missing")
    @task
    def pool(self):
        self.client.get("/pool")
    @tag("never")
    @task(50)
    def never(self):
        self.client.get("/never")
`;

/** A service that counts what it is asked for, by path. */
async function openShop(t: Parameters<typeof runLocust>[0]) {
  const asked = new Map<string, number>();
  const answer = ({ url = "" }: IncomingMessage): [number, string] => {
    if (url === "/missing") return [404, "no such page"];
    if (url === "/pool") return [503, "no free connection"];
    return [200, url === "/buy" && (asked.get(url) ?? 0) % 10 === 0 ? "none left" : "bought"];
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace(/\d+/, "*");
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const [status, body] = answer(request);
    response.writeHead(status).end(body);
  });
  await listening(t, server);
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function sumOf(windows: Window[], of: (window: Window) => number): number {
  return windows.reduce((sum, window) => sum + of(window), 0);
}

function faultsIn(windows: Window[]): Record<string, number> {
  const faults: Record<string, number> = {};
  for (const { kind, side, count } of windows.flatMap((window) => window.faults)) {
    faults[`${side} ${kind}`] = (faults[`${side} ${kind}`] ?? 0) + count;
  }
  return faults;
}

testNeeding(
  ["locust"],
  "every request of a locustfile is counted once, by what became of it, at the rate of its tasks",
  async (t) => {
    const { asked, url } = await openShop(t);
    const { windows, exitCode, failed, log } = await runLocust(t, {
      locustfile: everyKind,
      targetUrl: url,
      perSecond: 200,
      afterMs: 4000,
      env: { LOCUST_EXCLUDE_TAGS: "never" },
      bodySignatures: [{ kind: "POOL_EMPTY", match: "no free connection", in: "body" }],
      checkSignatures: [{ kind: "SOLD_OUT", match: "sold out", in: "check" }],
    });
    t.is(exitCode, 0, log.join("\n"));
    t.is(failed, 0);
    t.is(asked.get("/never"), undefined);
    t.is(
      sumOf(windows, ({ requests }) => requests),
      [...asked.values()].reduce((sum, count) => sum + count, 0),
    );
    const soldOut = Math.floor((asked.get("/buy") ?? 0) / 10);
    t.deepEqual(faultsIn(windows), {
      "target HTTP 404": asked.get("/missing"),
      "target POOL_EMPTY": asked.get("/pool"),
      "target SOLD_OUT": soldOut,
    });
    const endpoints = new Map(windows.flatMap(({ script }) => script.endpoints).map(({ name }) => [name, 0] as const));
    t.deepEqual([...endpoints.keys()].sort(), ["/books/*", "/buy", "/missing", "/pool", "login"]);
    const iterations = sumOf(windows, ({ iterationMs }) => iterationMs?.count ?? 0);
    t.is(
      sumOf(windows, ({ begunIterations = 0 }) => begunIterations),
      iterations,
    );
    // 800 are asked for in 4 s; of the last second it is not known yet what will not begin.
    const dropped = sumOf(windows, ({ droppedIterations }) => droppedIterations);
    t.true(iterations + dropped > 550, `${iterations} iterations, ${dropped} dropped`);
  },
);

testNeeding(
  ["locust"],
  "an early stop ends all workers at once, with what they counted; a file that throws says where",
  async (t) => {
    const { asked, url } = await openShop(t);
    const locustfile = `
from locust import FastHttpUser, constant, task
class Thrower(FastHttpUser):
    wait_time = constant(0.2)
    @task
    def throw(self):
        self.client.get("/").json()["id"]
`;
    const { windows, exitCode, log } = await runLocust(t, {
      locustfile,
      targetUrl: url,
      perSecond: 200,
      afterMs: 30_000,
      pace: true,
      virtualUsers: 20,
      onWindow: (seen, stop) => {
        if (sumOf(seen, ({ requests }) => requests) > 100) stop();
      },
    });
    t.is(exitCode, 0, log.join("\n"));
    const counted = sumOf(windows, ({ requests }) => requests);
    const served = asked.get("/") ?? 0;
    t.true(counted > 100 && counted <= served && served - counted <= 20, `${counted} of ${served}`);
    const errors = log.filter((line) => line.startsWith("tunebench-error"));
    t.true(errors.length > 50);
    t.regex(decodeURIComponent(errors[0] ?? ""), /"JSONDecodeError: .* \(locustfile\.py:7\)"/);
  },
);

/** Users for 3 s, whatever the suite's rate says: what they do is known to the last request. */
const ownShape = `
from locust import FastHttpUser, LoadTestShape, constant, task
class Steady(LoadTestShape):
    def tick(self):
        return (21, 21) if self.get_run_time() < 3 else None
class Visitor(FastHttpUser):
    wait_time = constant(0.1)
    @task
    def page(self):
        self.client.get("/")
`;

testNeeding(
  ["locust"],
  "two that share a load, as pods do, begin together, are counted as one, and end when they are told",
  async (t) => {
    const { asked, url } = await openShop(t);
    const own = { locustfile: ownShape, targetUrl: url, perSecond: 100, afterMs: 20_000 };
    const whole = await shareLocust(t, own);
    t.like(whole, { exitCodes: [0, 0], unauthenticated: 0, missing: [] });
    const counted = sumOf(whole.windows, ({ requests }) => requests);
    t.is(counted, asked.get("/") ?? 0);
    t.is(Math.max(...whole.windows.map(({ virtualUsers }) => virtualUsers)), 21);
    t.not(whole.skewMs, null);
    const cut = await shareLocust(t, {
      ...{ ...own, locustfile: dialling.replace("HEADERS", "{}"), afterMs: 60_000 },
      onWindow: (seen, stop) => {
        if (sumOf(seen, ({ requests }) => requests) > 150) stop();
      },
    });
    t.deepEqual(cut.exitCodes, [0, 0]);
    const since = (asked.get("/") ?? 0) - counted;
    const requests = sumOf(cut.windows, (window) => window.requests);
    t.true(requests > 150 && requests <= since && since - requests <= 40, `${requests} of ${since}`);
  },
);

testNeeding(
  ["namespaces", "locust"],
  "port-exhaustion by Locust: the wall, its finding and its cure are those of a load by k6",
  async (t) => {
    const world = await openWorld(t, {
      from: treeFile("scenarios/port-exhaustion"),
      files: { "locustfile.py": dialling.replace("HEADERS", "{}") },
      // Half of what reuse sustains with 400 ports: users who catch up at once must not meet the wall either.
      edit: (suite) => byLocust(suite, { rate: "200/s" }),
    });
    await lendLocust(t, world);
    const { exitCode, stderr } = await runWhole(world, ["--blocks", "1"]);
    t.is(exitCode, 0, stderr);
    t.log(stderr);
    const { trials, run } = onlyRun(world);
    const of = (profile: string) => trials.find((trial) => trial.profile === profile && trial.valid);
    t.like(run, { load: { engine: "locust" } });
    t.true(run.provenance.engine.startsWith("Locust 2."), run.provenance.engine);
    t.true(run.caveats.some(({ code }) => code === "closed-model"));
    t.like(of("baseline"), {
      outcome: "broke",
      fault: { kind: "EADDRNOTAVAIL", side: "target" },
      generator: { bound: false },
    });
    t.is(of("reuse")?.fault, null);
    t.not(of("reuse")?.outcome, "broke");
    const ports = of("baseline")?.evidence.ports.find(({ role }) => role === "target");
    t.like(ports, { usable: 400, peakInUse: 400 });
    t.deepEqual(await leftBehind(world), []);
  },
);

testNeeding(["namespaces", "locust"], "try says what a locustfile was answered", async (t) => {
  const world = await openWorld(t, {
    from: treeFile("scenarios/keep-alive"),
    files: { "locustfile.py": dialling.replace("HEADERS", "{}") },
    edit: (suite) => byLocust(suite, { rate: "300/s" }),
  });
  await lendLocust(t, world);
  const { exitCode, stdout, stderr } = await startTunebench(world, ["try", "suite", "--format", "json"]);
  t.is(exitCode, 0, stderr);
  const tried = JSON.parse(stdout);
  t.like(tried, { valid: true });
  t.like(tried.responses[0], { method: "GET", url: "http://198.18.0.2:8080/", status: 200, body: "pong\n" });
});
