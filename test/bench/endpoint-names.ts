import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { bundleScript } from "../../harness/engines/k6/bundle-script.ts";
import { findK6 } from "../../harness/engines/k6/find-k6.ts";
import { k6Program } from "../../harness/engines/k6/k6-program.ts";
import { receiveWindows } from "../../harness/engines/windows/receive-windows.ts";
import { sumScriptCounts } from "../../harness/results/script-counts.ts";
import type { Window } from "../../harness/results/window.ts";
import { constantRate } from "../../harness/suite/rate.ts";
import { type Benchmark, ratioFigure } from "./figures.ts";
import { childrenCpuSeconds } from "./usage.ts";

const rounds = 8;
const requests = 30_000;
const virtualUsers = 20;
const names = 50;

const options = "export const options = JSON.parse(__ENV.TUNEBENCH_OPTIONS);";
const scripts = {
  named: `import http from "k6/http"; ${options} let n = 0;
export default function () { http.get(__ENV.TARGET_URL, { tags: { name: "endpoint " + (n++ % ${names}) } }); }`,
  unnamed: `import http from "k6/http"; ${options}
export default function () { http.get(__ENV.TARGET_URL); }`,
};

interface Rig {
  folder: string;
  k6: string;
  targetUrl: string;
}

/** What it costs k6 that requests are told apart by fifty names, and that the harness's module stands in place of k6/http. */
export const endpointNames: Benchmark = {
  name: "endpoint-names",
  about: `${requests} requests by ${virtualUsers} virtual users, as fast as they go, under ${names} names and under none`,
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "tunebench-bench-"));
    const target = await listening(createHttpServer((_, response) => void response.end("ok")));
    try {
      const { path: k6 } = await findK6({ explicit: null, env: process.env, onProgress: console.log });
      return await compare({ folder, k6, targetUrl: `http://127.0.0.1:${portOf(target)}` });
    } finally {
      target.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function compare(rig: Rig) {
  const cpu: Record<string, number[]> = { named: [], unnamed: [], plain: [] };
  const bundled = { named: await bundle(rig, "named"), unnamed: await bundle(rig, "unnamed") };
  const drives = [
    async () => cpu.named?.push(await drive(rig, bundled.named, names)),
    async () => cpu.unnamed?.push(await drive(rig, bundled.unnamed, 0)),
    async () => cpu.plain?.push(await drive(rig, join(rig.folder, "unnamed.js"), 0)),
  ];
  for (let round = 0; round < rounds; round += 1) {
    for (const step of round % 2 === 0 ? drives : drives.toReversed()) await step();
  }
  const { named = [], unnamed = [], plain = [] } = cpu;
  return [
    { what: `k6, ${names} names`, unit: "s CPU" as const, values: named, goal: null },
    { what: "k6, none", unit: "s CPU" as const, values: unnamed, goal: null },
    { what: "k6, none, its own k6/http", unit: "s CPU" as const, values: plain, goal: null },
    ratioFigure(`  k6 CPU, ${names} names / none`, named, unnamed, null),
    ratioFigure("  k6 CPU, our module / its own", unnamed, plain, null),
  ];
}

async function bundle({ folder }: Rig, name: keyof typeof scripts): Promise<string> {
  const [scriptFile, outFile] = [join(folder, `${name}.js`), join(folder, `${name}.bundle.js`)];
  await writeFile(scriptFile, scripts[name]);
  await writeFile(outFile, await bundleScript(scriptFile));
  return outFile;
}

/** k6's CPU seconds. */
async function drive({ k6, targetUrl }: Rig, scriptFile: string, endpoints: number): Promise<number> {
  const server = await listening(createServer());
  const windows: Window[] = [];
  const receiver = receiveWindows({
    server,
    now: () => performance.now(),
    onWindow: (window) => void windows.push(window),
  });
  const { argv, env } = k6Program({
    program: k6,
    scriptFile,
    targetUrls: [targetUrl],
    load: {
      engine: "k6",
      script: "",
      pace: false,
      rate: constantRate(1),
      virtualUsers,
      keepConnections: true,
      scenarios: null,
      env: {},
      runners: null,
    },
    script: null,
    stop: { fault: null, requests: null, afterMs: 60_000, latency: null, cliff: null, saturated: null },
    bodySignatures: [],
    exportTo: `127.0.0.1:${portOf(server)}`,
  });
  const load = { executor: "shared-iterations", vus: virtualUsers, iterations: requests, maxDuration: "60s" };
  const [program = "", ...args] = argv;
  const before = childrenCpuSeconds();
  await execa(program, args, { env: { ...env, TUNEBENCH_OPTIONS: JSON.stringify({ scenarios: { load } }) } });
  const seconds = childrenCpuSeconds() - before;
  await receiver.close();
  const counted = sumScriptCounts(windows.map(({ script }) => script)).endpoints.length;
  if (counted !== endpoints) throw new Error(`${counted} endpoints were counted of ${endpoints}`);
  return seconds;
}

async function listening<S extends Server>(server: S): Promise<S> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
