/** The listener's arithmetic, in a Python without Locust, beside what the harness has of the same. */
import { execa } from "execa";
import fc from "fast-check";
import { mergeHistograms, quantile } from "../../../../harness/core/histogram.ts";
import { locust } from "../../../../harness/engines/locust/locust.ts";
import { decodeOtlp } from "../../../../harness/engines/windows/decode-otlp.ts";
import { firstCarry, toWindow } from "../../../../harness/engines/windows/windows.ts";
import { requestsBy, stagesWithin } from "../../../../harness/suite/rate.ts";
import { testNeeding } from "../../../helpers/parts.ts";

/** What a program prints, JSON, that gets the input and finds the listener's modules. */
async function answerOf<T>(program: string, input: unknown): Promise<T> {
  const whole = `import json, sys; sys.path.insert(0, ${JSON.stringify(locust.beside)}); given = json.load(sys.stdin)\n${program}`;
  const { stdout } = await execa("/usr/bin/python3", ["-B", "-c", whole], { input: JSON.stringify(input) });
  return JSON.parse(stdout) as T;
}

const perSecond = fc.integer({ min: 0, max: 5000 });
const rates = fc.record({
  startPerSecond: perSecond,
  stages: fc.array(fc.record({ toPerSecond: perSecond, ms: fc.integer({ min: 0, max: 3000 }) }), { maxLength: 4 }),
  repeats: fc.constant(false),
});

testNeeding(
  ["python"],
  "what is due at a moment is what the harness asks for by then, for each of the workers",
  async (t) => {
    const cases = fc.sample(
      fc.record({ rate: rates, workers: fc.integer({ min: 1, max: 8 }), ms: fc.nat(12_000) }),
      200,
    );
    const orders = cases.map(({ rate, workers, ms }) => {
      return { startPerSecond: rate.startPerSecond, stages: stagesWithin(rate, 15_000), workers, ms };
    });
    const program = `
from tunebench_schedule import Schedule
print(json.dumps([Schedule(one, one["workers"]).due(one["ms"] / 1000) * one["workers"] for one in given]))`;
    const due = await answerOf<number[]>(program, orders);
    for (const [i, { rate, ms }] of cases.entries()) {
      t.true(
        Math.abs((due[i] ?? 0) - requestsBy(rate, ms)) < 1e-6 * Math.max(1, due[i] ?? 0),
        JSON.stringify(cases[i]),
      );
    }
  },
);

testNeeding(["python"], "what runners share comes to the whole, and their exports say whose they are", async (t) => {
  const order = { startPerSecond: 100, virtualUsers: 200, stages: [{ toPerSecond: 700, ms: 2000 }] };
  const program = `
from tunebench_shared import place_among_others, share_of_order
def place(runner):
    shared = {"registration": {"runner": runner, "count": 7}}
    headers = f"authorization=Bearer%20c0ffee,tunebench-runner={runner}"
    return place_among_others({"TUNEBENCH_SHARED": json.dumps(shared), "TUNEBENCH_EXPORT_HEADERS": headers})
places = [place(runner) for runner in range(7)]
alone = place_among_others({})
print(json.dumps([[share_of_order(given, one) for one in places], places[6].headers, share_of_order(given, alone), alone.headers]))`;
  const [shares, headers, whole, none] = await answerOf<[(typeof order)[], object, typeof order, object]>(
    program,
    order,
  );
  const sum = (of: (one: typeof order) => number) => Math.round(shares.reduce((total, one) => total + of(one), 0));
  t.is(
    sum(({ startPerSecond }) => startPerSecond),
    100,
  );
  t.is(
    sum(({ virtualUsers }) => virtualUsers),
    200,
  );
  t.true(shares.every(({ virtualUsers }) => Number.isInteger(virtualUsers) && virtualUsers >= 28));
  t.is(
    sum(({ stages: [stage] }) => stage?.toPerSecond ?? 0),
    700,
  );
  t.deepEqual(headers, { authorization: "Bearer c0ffee", "tunebench-runner": "6" });
  t.deepEqual([whole, none], [order, {}]);
});

testNeeding(["python"], "a worker's windows, added up by the collector, arrive as one of k6's would", async (t) => {
  const times = fc.sample(fc.double({ min: 0.01, max: 60_000, noNaN: true }), 400);
  const program = `
import base64
from tunebench_collector import merged
from tunebench_counts import BEGUN, DROPPED, SCALE, Window
from tunebench_otlp import export_request
windows = [Window(), Window()]
good = ("http_req_duration", (("status", "200"), ("expected_response", "true"), ("name", "/")))
for number, milliseconds in enumerate(given):
    windows[number % 2].record(good, milliseconds)
    windows[number % 2].add(("http_reqs", good[1]))
    windows[number % 2].add(BEGUN)
for window in windows:
    window.add(DROPPED, 3)
    window.add(("http_reqs", (("status", "0"), ("expected_response", "false"), ("error", "errno 99"))), 2)
    window.add(("http_reqs", (("status", "0"), ("expected_response", "false"), ("tunebench_kind", "EOF"))))
sums = {}
for window in windows:
    for key, value in window.sums.items():
        sums[key] = sums.get(key, 0) + value
both = [window.lines()[1][0][2:] for window in windows]
body = export_request(1000.0, 1000.5, sums, {good: merged(merged(None, both[0]), both[1])}, {"vus_max": 12}, SCALE)
print(json.dumps(base64.b64encode(body).decode()))`;
  const body = Buffer.from(await answerOf<string>(program, times), "base64");
  const received = { unixMs: 1_000_510, ms: 5510 };
  const { window } = toWindow({ points: decodeOtlp(body), carry: firstCarry, received });
  if (window === null) throw new Error("no window");
  t.like(window, {
    startMs: 5000,
    endMs: 5500,
    requests: 406,
    begunIterations: 400,
    droppedIterations: 6,
    virtualUsers: 12,
  });
  t.deepEqual(window.faults, [
    { kind: "EADDRNOTAVAIL", side: "generator", count: 4 },
    { kind: "EOF", side: "target", count: 2 },
  ]);
  const latency = window.latencyMs;
  if (latency === null) throw new Error("no latency");
  t.is(latency.count, 400);
  t.is(latency.min, Math.min(...times));
  t.is(latency.max, Math.max(...times));
  const sorted = times.toSorted((a, b) => a - b);
  const median = quantile(mergeHistograms(latency, latency), 0.5);
  // Within a bucket's width of values near the middle: drawn values may lie far from their neighbours.
  const [low = 0, high = 0] = [sorted[195], sorted[204]];
  t.true(median > 0.9 * low && median < 1.1 * high, `${median} between ${low} and ${high}`);
  t.like(window.script.endpoints[0], { name: "/", requests: 400, failed: 0 });
});

/** Users of one worker in a closed loop, in steps of 10 ms: `task` and `wait` seconds by the moment, 0 to 20 s. */
const loop = `
import heapq
import tunebench_offer
from tunebench_offer import Offer
from tunebench_schedule import Schedule
class Clock:
    now = 1000.0
    def monotonic(self):
        return self.now
clock = tunebench_offer.time = Clock()
def drive(task, wait, rate, most_busy):
    clock.now = 1000.0
    offer = Offer(Schedule({"startPerSecond": rate, "stages": [{"toPerSecond": rate, "ms": 20000}]}, 1), most_busy, False)
    offer.begin(wait)
    begun, events, alive, leaving, number = [0] * 20, [], 0, 0, 0
    for step in range(2000):
        clock.now = 1000 + step / 100
        if step % 100 == 0:
            wanted = offer.tick()
            for _ in range(max(0, wanted - alive)):
                heapq.heappush(events, (clock.now + offer.spread(), number := number + 1, "begin", 0))
            leaving = max(0, alive - wanted)
            alive = max(alive, wanted)
        while events and events[0][0] <= clock.now:
            at, _, what, since = heapq.heappop(events)
            if what == "begin":
                if leaving > 0:
                    leaving, alive = leaving - 1, alive - 1
                    continue
                begun[step // 100] += 1
                lasts = task(step / 100)
                heapq.heappush(events, (at + lasts, number := number + 1, "end", offer.task_begins()))
            else:
                offer.task_ends(since, True)
                offer.user_waits(wait)
                heapq.heappush(events, (at + wait, number := number + 1, "begin", 0))
        offer.newly_dropped()
    return {"begun": begun, "dropped": offer.dropped, "users": offer.users}
`;

testNeeding(
  ["python"],
  "the rate is met from the first second, by users for task and wait; what a hanging target keeps is dropped",
  async (t) => {
    interface Driven {
      begun: number[];
      dropped: number;
      users: number;
    }
    const program = `${loop}
print(json.dumps([
    drive(lambda at: 0.02, 0.2, 600, 200),
    drive(lambda at: 0.01, 2.0, 300, 200),
    drive(lambda at: 0.02 if at < 8 else 100.0, 0.2, 600, 200),
]))`;
    const [quick, patient, hanging] = await answerOf<Driven[]>(program, null);
    for (const [name, driven, rate] of [
      ["quick", quick, 600],
      ["patient", patient, 300],
    ] as const) {
      const begun = driven?.begun ?? [];
      for (const [second, one] of begun.entries()) t.true(Math.abs(one / rate - 1) < 0.15, `${name} ${second}: ${one}`);
      t.true(Math.abs(begun.reduce((sum, one) => sum + one, 0) / (20 * rate) - 1) < 0.03, `${name} ${begun}`);
      t.is(driven?.dropped, 0, name);
    }
    t.true(Math.abs((quick?.users ?? 0) - 132) <= 14, `${quick?.users}`);
    t.true((hanging?.users ?? 0) <= 200 + 600 * 1.5 * 0.21, `${hanging?.users}`);
    t.true((hanging?.dropped ?? 0) > 5000, `${hanging?.dropped}`);
  },
);
