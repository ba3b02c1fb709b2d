import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { ExecutionContext } from "ava";
import { judgeThresholds } from "../../harness/detect/thresholds.ts";
import {
  faultsIn,
  listening,
  portOf,
  requestsIn,
  runTrial,
  startTarget,
  type TrialRequest,
} from "../helpers/k6-trial.ts";
import { testNeeding } from "../helpers/parts.ts";

/** A target that keeps what it was asked; "METHOD /path" -> times. */
async function counting(t: ExecutionContext) {
  const asked: Record<string, number> = {};
  const url = await startTarget(t, (request, response) => {
    const key = `${request.method} ${request.url}`;
    asked[key] = (asked[key] ?? 0) + 1;
    response.setHeader("content-type", "application/json");
    response.end('{"token":"t-1","items":[1,2]}');
  });
  return { asked, url };
}

/** Runs the script of one file or several as it is, for a second; what the target was asked. */
async function ran(t: ExecutionContext, files: string | Record<string, string>, more: Partial<TrialRequest> = {}) {
  const { asked, url } = await counting(t);
  const all = typeof files === "string" ? { "load.js": files } : files;
  const result = await runTrial(t, { files: all, targetUrl: url, afterMs: 1000, ...more });
  t.is(result.exitCode, 0, result.log.join("\n"));
  const served = Object.values(asked).reduce((sum, count) => sum + count, 0);
  return { ...result, asked, served };
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: the script's own template.
const get = "http.get(`${__ENV.TARGET_URL}/";

testNeeding(
  ["k6"],
  "data beside the script: CSV, JSON, a helper's own file, by SharedArray and import.meta",
  async (t) => {
    const { asked, script } = await ran(t, {
      "load.js": `import http from 'k6/http';
import { SharedArray } from 'k6/data';
import { city } from './lib/cities.js';
const users = new SharedArray('users', () => open('./data/users.csv').trim().split('\\n').slice(1));
const config = JSON.parse(open(import.meta.resolve('./config.json')));
export const options = { scenarios: { own: { executor: 'constant-vus', exec: 'own' } } };
export function own() { ${get}\${users[__ITER % users.length]}-\${config.tier}-\${city}\`); }`,
      "data/users.csv": "user\nu1\nu2\n",
      "config.json": '{"tier":"gold"}',
      "lib/cities.js": "export const city = open('./city.txt').trim();\n",
      "lib/city.txt": "ulm\n",
    });
    t.deepEqual(Object.keys(asked).sort(), ["GET /u1-gold-ulm", "GET /u2-gold-ulm"]);
    t.deepEqual(
      script.files.toSorted(),
      ["config.json", "data/users.csv", "lib/city.txt"],
      "what runners in a cluster get",
    );
  },
);

testNeeding(["k6"], "setup() and teardown() are no load, and what setup() returns reaches iterations", async (t) => {
  const { windows, asked, served } = await ran(
    t,
    `import http from 'k6/http';
export const options = { vus: 5, iterations: 9, setupTimeout: '20s' };
export function setup() { for (let i = 0; i < 40; i++) http.post(\`\${__ENV.TARGET_URL}/users\`, '{}'); return { id: 'seven' }; }
export default function ({ id }) { ${get}\${id}\`); }
export function teardown({ id }) { http.del(\`\${__ENV.TARGET_URL}/\${id}\`); }`,
  );
  t.is(asked["POST /users"], 40);
  t.is(asked["DELETE /seven"], 1);
  t.is(requestsIn(windows), served - 41);
  t.is(requestsIn(windows), asked["GET /seven"] ?? 0);
});

testNeeding(["k6"], "several scenarios with exec, env and tags share the rate", async (t) => {
  const script = `import http from 'k6/http';
const way = { executor: 'constant-arrival-rate', timeUnit: '1s', duration: '1m', preAllocatedVUs: 5 };
export const options = { scenarios: {
  browse: { ...way, rate: 8, exec: 'browse', env: { PAGE: 'shelf' } },
  buy: { ...way, rate: 2, exec: 'buy', startTime: '10s', tags: { flow: 'buy' } },
}, thresholds: { 'http_reqs{flow:buy}': ['count>5'], 'http_reqs{flow:none}': ['count>5'] } };
export function browse() { ${get}\${__ENV.PAGE}\`); }
export function buy() { http.post(\`\${__ENV.TARGET_URL}/cart\`, 'x'); }`;
  const own = await ran(t, script, { rate: { startPerSecond: 100, stages: [], repeats: false }, virtualUsers: 20 });
  t.true(Math.abs((own.asked["GET /shelf"] ?? 0) - 80) <= 1, JSON.stringify(own.asked));
  t.true(Math.abs((own.asked["POST /cart"] ?? 0) - 20) <= 1, JSON.stringify(own.asked));
  t.deepEqual(
    judgeThresholds(own.script.thresholds, own.windows).map(({ value, kept }) => [value, kept]),
    [
      [own.asked["POST /cart"] ?? 0, true],
      [0, false],
    ],
  );
  const asked = await ran(t, script, { scenarios: { buy: 1 } });
  t.deepEqual(Object.keys(asked.asked), ["POST /cart"]);
});

testNeeding(["k6"], "CommonJS, as TypeScript and Babel write it and by hand", async (t) => {
  const compiled = `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.options = { vus: 1 };
exports.default = default_1;
const http_1 = __importDefault(require("k6/http"));
const k6_1 = require("k6");
function __importDefault(mod) { return mod && mod.__esModule ? mod : { default: mod }; }
function default_1() { (0, k6_1.check)(http_1.default.get(__ENV.TARGET_URL + "/compiled"), { ok: (r) => r.status === 200 }); }`;
  const byHand = `const http = require('k6/http');
const { Trend } = require('k6/metrics');
const took = new Trend('took');
module.exports.options = { iterations: 1 };
module.exports.default = function () { took.add(http.get(__ENV.TARGET_URL + '/hand').timings.duration); };`;
  t.deepEqual(Object.keys((await ran(t, compiled)).asked), ["GET /compiled"]);
  t.deepEqual(Object.keys((await ran(t, byHand)).asked), ["GET /hand"]);
});

testNeeding(["k6"], "login, groups, checks, batches, params and a sleep; thresholds by a tag", async (t) => {
  const { asked, windows, script } = await ran(
    t,
    `import http from 'k6/http';
import { check, group, sleep } from 'k6';
export const options = {
  stages: [{ duration: '30s', target: 100 }],
  thresholds: { 'http_req_duration{name:login}': ['p(95)<5000', 'min>5000'], checks: ['rate==1'], iterations: ['count>10'] },
};
export default function () {
  const { token } = group('front', () => http.post(\`\${__ENV.TARGET_URL}/login\`, { user: 'a' }, { tags: { name: 'login' } }).json());
  const headers = { Authorization: \`Bearer \${token}\` };
  const pages = http.batch([['GET', \`\${__ENV.TARGET_URL}/a\`, null, { headers }], ['GET', \`\${__ENV.TARGET_URL}/b\`]]);
  check(pages, { 'both are there': (all) => all.every((page) => page.status === 200) });
  sleep(0.01);
}`,
  );
  t.is(asked["POST /login"], asked["GET /a"]);
  t.is(script.sleepSeconds, 0.01);
  t.deepEqual(script.replaced, ["stages"]);
  t.deepEqual(
    judgeThresholds(script.thresholds, windows).map(({ kept }) => kept),
    [true, true, false, true],
    "k6 sorts them by their names",
  );
});

testNeeding(["k6"], "TypeScript with types and a module of its own, async requests", async (t) => {
  const { asked } = await ran(t, {
    "load.ts": `import http from "k6/http";
import { path, type Page } from "./pages.ts";
const page: Page = { name: "async" };
export default async function (): Promise<void> {
  const response = await http.asyncRequest("GET", \`\${__ENV.TARGET_URL}\${path(page)}\`);
  if (response.status !== 200) throw new Error("no page");
}`,
    "pages.ts": "export interface Page { name: string }\nexport const path = ({ name }: Page): string => '/' + name;\n",
  });
  t.deepEqual(Object.keys(asked), ["GET /async"]);
});

testNeeding(["k6"], "noConnectionReuse is the script's: a connection for each request", async (t) => {
  const connections = new Set<unknown>();
  const server = await listening(
    t,
    createServer((_, response) => response.end()).on("connection", (socket) => connections.add(socket)),
  );
  const script =
    "import http from 'k6/http';\nexport const options = { noConnectionReuse: true };\nexport default () => { http.get(__ENV.TARGET_URL); };\n";
  const targetUrl = `http://127.0.0.1:${portOf(server)}`;
  const { windows } = await runTrial(t, { files: { "load.js": script }, targetUrl, afterMs: 1000 });
  t.is(connections.size, requestsIn(windows));
});

testNeeding(["k6"], "WebSocket sessions are counted, refused ones by what refused them", async (t) => {
  const server = createServer((_, response) => response.end());
  server.on("upgrade", ({ url, headers }, socket) => {
    socket.on("error", () => {});
    if (url !== "/chat") return socket.end("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    const accept = createHash("sha1")
      .update(`${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on("data", () => socket.end(Buffer.from([0x88, 0])));
  });
  await listening(t, server);
  const { windows, exitCode } = await runTrial(t, {
    files: {
      "load.js": `import ws from 'k6/ws';
export default function () {
  const url = __ENV.TARGET_URL.replace('http', 'ws');
  ws.connect(\`\${url}/chat\`, null, (socket) => { socket.on('open', () => socket.send('hello')); socket.setTimeout(() => socket.close(), 500); });
  ws.connect(\`\${url}/busy\`, null, () => {});
  try { ws.connect('ws://127.0.0.1:1/', null, () => {}); } catch (refused) { return; }
}`,
    },
    targetUrl: `http://127.0.0.1:${portOf(server)}`,
    afterMs: 1000,
  });
  t.is(exitCode, 0);
  const faults = faultsIn(windows);
  const third = requestsIn(windows) / 3;
  t.true(third > 10);
  t.deepEqual(faults, { "HTTP 503 target": third, "WEBSOCKET_NOT_OPENED target": third });
  t.true(windows.some(({ latencyMs }) => (latencyMs?.count ?? 0) > 0));
});

testNeeding(["k6"], "thresholds by k6's own tags, and of the script's own metrics", async (t) => {
  const { asked, windows, script } = await ran(
    t,
    `import http from 'k6/http';
import { group } from 'k6';
import { Counter, Rate, Trend } from 'k6/metrics';
const [orders, cheap, took] = [new Counter('orders'), new Rate('cheap'), new Trend('took', true)];
export const options = { scenarios: { shop: { executor: 'shared-iterations' } }, thresholds: {
  'http_reqs{group:::cart}': ['count>0'],
  'http_reqs{method:POST}': ['count>0'],
  'http_reqs{method:DELETE}': ['count>0'],
  'http_reqs{scenario:shop,name:order-2026}': ['count>0'],
  'group_duration{group:::cart}': ['p(95)<5000'],
  orders: ['count>0'], cheap: ['rate==1'], took: ['max<1'], 'took{tier:none}': ['max<1'],
} };
export default function () {
  ${get}a\`);
  group('cart', () => http.post(\`\${__ENV.TARGET_URL}/order\`, 'x', { tags: { name: 'order-2026' } }));
  orders.add(2); cheap.add(true); took.add(7);
}`,
  );
  const posts = asked["POST /order"] ?? 0;
  const judged = judgeThresholds(script.thresholds, windows);
  const byName = Object.fromEntries(
    judged.map(({ metric, tags, value, kept }) => [`${metric} ${Object.values(tags).join(" ")}`.trim(), [value, kept]]),
  );
  const { "group_duration ::cart": duration, ...counts } = byName;
  t.deepEqual(counts, {
    "http_reqs ::cart": [posts, true],
    "http_reqs POST": [posts, true],
    "http_reqs DELETE": [0, false],
    "http_reqs shop order-2026": [posts, true],
    orders: [2 * posts, true],
    cheap: [1, true],
    took: [7, false],
    "took none": [null, null],
  });
  t.is(duration?.[1], true);
});

testNeeding(["k6"], "what k6 does not take is refused with its words, before anything runs", async (t) => {
  const refused = (script: string) => t.throwsAsync(ran(t, script), { name: "InputError" });
  t.regex(
    (
      await refused(
        "import http from 'k6/http';\nthrow new Error('no BASE_URL');\nexport default () => http.get('x');\n",
      )
    )?.message ?? "",
    /no BASE_URL/,
  );
  t.regex(
    (await refused("export const options = { scenarios: { a: { executor: 'nope' } } };\nexport default () => {};\n"))
      ?.message ?? "",
    /load\.js: k6 does not take the script: unknown executor type 'nope'/,
  );
  t.regex(
    (await refused("export default () => {};\nopen('./not-there.csv');\n"))?.message ?? "",
    /not-there\.csv: no such file/,
  );
});
