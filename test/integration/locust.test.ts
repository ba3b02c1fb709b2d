/** A load by Locust: what a locustfile does is counted as it is. What a run by it says of a service is in test/soak/locust.test.ts. */
import type { Window } from "../../harness/results/window.ts";
import { treeFile } from "../helpers/cli.ts";
import { byLocust, dialling, lendLocust, openShop, runLocust, shareLocust, sumOf } from "../helpers/locust-trial.ts";
import { testNeeding } from "../helpers/parts.ts";
import { openWorld, startTunebench } from "../helpers/whole-run.ts";

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
      afterMs: 2500,
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
    // 500 are asked for in 2.5 s; of the last second it is not known yet what will not begin.
    const dropped = sumOf(windows, ({ droppedIterations }) => droppedIterations);
    t.true(iterations + dropped > 275, `${iterations} iterations, ${dropped} dropped`);
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

testNeeding(["locust"], "two that share a load, as pods do, begin together and are counted as one", async (t) => {
  const { asked, url } = await openShop(t);
  const request = { locustfile: ownShape, targetUrl: url, perSecond: 100, afterMs: 20_000 };
  const { windows, skewMs, ...ends } = await shareLocust(t, request);
  t.deepEqual(ends, { exitCodes: [0, 0], unauthenticated: 0, missing: [] });
  t.is(
    sumOf(windows, ({ requests }) => requests),
    asked.get("/") ?? 0,
  );
  t.is(Math.max(...windows.map(({ virtualUsers }) => virtualUsers)), 21);
  t.not(skewMs, null);
});

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
