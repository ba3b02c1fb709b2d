import test from "ava";
import { InputError } from "../../../../harness/core/errors.ts";
import { parseGoDurationMs } from "../../../../harness/core/go-duration.ts";
import { k6Options } from "../../../../harness/engines/k6/k6-options.ts";
import type { OwnOptions } from "../../../../harness/engines/k6/own-options.ts";
import { scriptOptions } from "../../../../harness/engines/k6/script-options.ts";
import { tagsAskedBy } from "../../../../harness/engines/k6/thresholds.ts";
import { constantRate, rampRate } from "../../../../harness/suite/rate.ts";
import type { Load } from "../../../../harness/suite/suite.ts";

const load = (changes: Partial<Load> = {}): Load => ({
  engine: "k6",
  script: "load.js",
  pace: false,
  rate: constantRate(100),
  virtualUsers: 50,
  keepConnections: null,
  scenarios: null,
  env: {},
  runners: null,
  ...changes,
});

const browse = { executor: "constant-arrival-rate", rate: 8, timeUnit: "1s", duration: "1m", preAllocatedVUs: 5 };
const buy = { ...browse, rate: 120, timeUnit: "1m", exec: "buy", env: { CART: "3" }, tags: { flow: "buy" } };
const users = (vus: number) => ({ executor: "constant-vus", vus, duration: "1m" });

test("a script without scenarios is one, and its load is replaced", (t) => {
  const { scenarios, replaced } = scriptOptions({ stages: [], vus: 3, discardResponseBodies: true, hosts: {} }, load());
  t.deepEqual(scenarios, [{ name: "default", exec: "default", env: {}, tags: {}, share: 1 }]);
  t.deepEqual(replaced, ["vus", "stages"]);
});

test("exec, env and tags of scenarios are carried over, their loads become shares", (t) => {
  const { scenarios, replaced } = scriptOptions({ scenarios: { browse, buy } }, load());
  t.deepEqual(scenarios, [
    { name: "browse", exec: "default", env: {}, tags: {}, share: 0.8 },
    { name: "buy", exec: "buy", env: { CART: "3" }, tags: { flow: "buy" }, share: 0.2 },
  ]);
  t.true(replaced.includes("scenarios.buy.timeUnit"));
  t.false(replaced.some((name) => /\.(exec|env|tags)$/.test(name)));
});

test("scenarios with users share by them; such with rates and such with users need the suite's word", (t) => {
  const shares = (own: OwnOptions) => scriptOptions(own, load()).scenarios.map(({ share }) => share);
  t.deepEqual(shares({ scenarios: { a: users(30), b: users(10) } }), [0.75, 0.25]);
  const error = t.throws(() => shares({ scenarios: { browse, b: users(10) } }), { instanceOf: InputError });
  t.regex(error.message, /browse \(constant-arrival-rate\), b \(constant-vus\)/);
  t.regex((error as InputError).hint ?? "", /load: \{scenarios: \{browse: 50%, b: 50%\}\}/);
});

test("the suite's shares win; a scenario that it leaves out is not run, one that is not there is refused", (t) => {
  const own = { scenarios: { browse, buy } };
  t.deepEqual(
    scriptOptions(own, load({ scenarios: { buy: 1 } })).scenarios.map(({ name, share }) => [name, share]),
    [["buy", 1]],
  );
  t.throws(() => scriptOptions(own, load({ scenarios: { brouse: 1 } })), { message: /brouse.*did you mean.*browse/ });
  t.throws(() => scriptOptions({}, load({ scenarios: { buy: 1 } })), { message: /it has none/ });
});

test("noConnectionReuse is the script's unless the suite says otherwise, which is told", (t) => {
  const own = { noConnectionReuse: true };
  const reuse = (of: Load) => k6Options(of, scriptOptions(own, of), 1000).noConnectionReuse;
  t.true(reuse(load()));
  t.false(reuse(load({ keepConnections: true })));
  t.deepEqual(scriptOptions(own, load({ keepConnections: true })).replaced, ["noConnectionReuse"]);
  t.deepEqual(scriptOptions(own, load({ keepConnections: false })).replaced, []);
  t.is(k6Options(load(), null, 1000).noConnectionReuse, undefined, "not read: the script's own stays");
});

for (const [perSecond, shares] of [
  [100, [0.8, 0.2]],
  [3, [0.333, 0.333, 0.334]],
  [0.1, [0.99, 0.01]],
  [50_000, [0.999, 0.001]],
] as const) {
  test(`${perSecond}/s in shares of ${shares.join(", ")} is exact to 1%`, (t) => {
    const asked = Object.fromEntries(shares.map((share, i) => [`s${i}`, share]));
    const of = load({ rate: rampRate(perSecond / 10, perSecond, 1000), scenarios: asked });
    const own = { scenarios: Object.fromEntries(shares.map((_, i) => [`s${i}`, users(1)])) };
    const { scenarios } = k6Options(of, scriptOptions(own, of), 5000);
    for (const [name, share] of Object.entries(asked)) {
      const { stages = [], timeUnit = "", startRate = 0 } = scenarios[name] ?? {};
      const seconds = Number.parseInt(timeUnit, 10);
      const ratio = (rate: number, wanted: number) => Math.abs(rate / seconds / (wanted * share) - 1);
      t.true(ratio(stages.at(-1)?.target ?? 0, perSecond) < 0.01, name);
      t.true(ratio(startRate, perSecond / 10) < 0.01, name);
    }
  });
}

test("users are shared too, and none is without one", (t) => {
  const of = load({ scenarios: { a: 0.99, b: 0.01 }, virtualUsers: 10 });
  const { scenarios } = k6Options(of, scriptOptions({ scenarios: { a: users(1), b: users(1) } }, of), 5000);
  t.deepEqual([scenarios.a?.maxVUs, scenarios.b?.maxVUs], [10, 1]);
});

test("thresholds that the windows can answer are kept, others named", (t) => {
  const { thresholds, notEvaluated, replaced } = scriptOptions(
    {
      thresholds: {
        http_req_duration: ["p(99.9) < 300", { threshold: "avg<=20", abortOnFail: true }, "p(95)<200 && avg<3"],
        "http_req_duration{name:login, tier:gold}": ["med<5.5"],
        "http_req_waiting{group:::front,method:POST}": ["max<5"],
        "http_req_duration{url:http://shop/a}": ["max<5"],
        "http_req_duration{name:http://shop/a}": ["max<5"],
        "checks{scenario:buy}": ["rate===1"],
        http_req_failed: ["rate<0.01", "count<3"],
        iterations: ["count>100"],
        vus: ["value>3"],
        my_trend: ["p(95)<3"],
        my_gauge: ["value<3"],
      },
    },
    load(),
  );
  t.deepEqual(
    thresholds.map(({ metric, aggregation, comparison, limit }) => `${metric} ${aggregation} ${comparison} ${limit}`),
    [
      "http_req_duration p(99.9) < 300",
      "http_req_duration avg <= 20",
      "http_req_duration med < 5.5",
      "http_req_waiting max < 5",
      "checks rate == 1",
      "http_req_failed rate < 0.01",
      "iterations count > 100",
      "my_trend p(95) < 3",
      "my_gauge value < 3",
    ],
  );
  t.deepEqual(thresholds[2]?.tags, { name: "login", tier: "gold" });
  t.deepEqual(tagsAskedBy(thresholds), ["group", "method", "scenario"]);
  t.deepEqual(notEvaluated, [
    "http_req_duration: p(95)<200 && avg<3",
    "http_req_duration{url:http://shop/a}: max<5",
    "http_req_duration{name:http://shop/a}: max<5",
    "http_req_failed: count<3",
    "vus: value>3",
  ]);
  t.deepEqual(replaced, ["thresholds.http_req_duration.abortOnFail"]);
});

test("where requests are told apart by another tag than their name, a threshold by name is not evaluated", (t) => {
  const own = { thresholds: { "http_reqs{name:login}": ["count>1"], "http_reqs{route:login}": ["count>1"] } };
  const { thresholds, notEvaluated } = scriptOptions(own, load({ endpoints: "route" }));
  t.deepEqual(
    thresholds.map(({ tags }) => tags),
    [{ route: "login" }],
  );
  t.deepEqual(notEvaluated, ["http_reqs{name:login}: count>1"]);
});

test("durations as Go writes them", (t) => {
  for (const [text, ms] of [
    ["1m30s", 90_000],
    ["500ms", 500],
    ["1.5h", 5_400_000],
    ["250", 250],
    ["1d", 86_400_000],
  ] as const) {
    t.is(parseGoDurationMs(text), ms, text);
  }
  for (const text of ["", "s", "1x", "-1s"]) t.is(parseGoDurationMs(text), null, text);
});
