import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import type { Document } from "yaml";
import { programFile } from "../../harness/core/package-root.ts";
import { locust } from "../../harness/engines/locust/locust.ts";
import type { RelayMessage } from "../../harness/pods/messages.ts";
import { authorizationOf } from "../../harness/pods/relay-secret.ts";
import { createRelayServer } from "../../harness/pods/relay-server.ts";
import { createTrials } from "../../harness/pods/trials.ts";
import type { FaultSignature } from "../../harness/results/criteria.ts";
import type { Window } from "../../harness/results/window.ts";
import { constantRate } from "../../harness/suite/rate.ts";
import { locustHere } from "./engines-here.ts";
import { listening } from "./k6-trial.ts";
import type { World } from "./whole-run.ts";

export interface LocustRequest {
  locustfile: string;
  targetUrl: string;
  perSecond: number;
  afterMs: number;
  pace?: boolean;
  virtualUsers?: number;
  bodySignatures?: FaultSignature[];
  checkSignatures?: FaultSignature[];
  env?: Record<string, string>;
  onWindow?: (windows: Window[], stop: () => void) => void;
}

export interface LocustResult {
  windows: Window[];
  log: string[];
  exitCode: number | undefined;
  /** Exports that could not be read. */
  failed: number;
}

/** Real Locust under the harness's own command and receiver, on loopback, until its schedule is over or it is stopped. */
export async function runLocust(t: ExecutionContext, request: LocustRequest): Promise<LocustResult> {
  const folder = mkdtempSync(join(tmpdir(), "tunebench-locust-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "locustfile.py"), request.locustfile);
  writeFileSync(join(folder, "requests.py"), "raise ImportError('of a team, and not what Locust imports')\n");
  const found = await locustHere(t);
  const server = await listening(t, createServer());
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const windows: Window[] = [];
  const receiver = locust.receive({
    server,
    now: () => performance.now(),
    onWindow: (window) => {
      windows.push(window);
      request.onWindow?.(windows, () => child.kill("SIGINT"));
    },
  });
  const { argv, env } = locust.command(order(request, found.path, `127.0.0.1:${port}`));
  const [program = "", ...args] = argv;
  const child = execa(program, args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", ...env },
    extendEnv: false,
    reject: false,
    all: true,
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  const { exitCode, all } = await child;
  await receiver.close();
  return { windows, log: all.split("\n"), exitCode, failed: receiver.failed };
}

export interface SharedResult {
  windows: Window[];
  exitCodes: (number | undefined)[];
  /** Exports without the run's secret. */
  unauthenticated: number;
  missing: number[];
  skewMs: number | null;
}

const [trial, secret, count] = ["003", "c0ffee", 2];

/** Two Locusts that share a load, with a relay and what tells each to end as two pods have them, on loopback. */
export async function shareLocust(t: ExecutionContext, request: LocustRequest): Promise<SharedResult> {
  const folder = mkdtempSync(join(tmpdir(), "tunebench-locust-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "locustfile.py"), request.locustfile);
  const found = await locustHere(t);
  const windows: Window[] = [];
  const zero = performance.now();
  const stop = () => void trials.stop(trial);
  const receiver = locust.receiveShared({
    count,
    at: (ms) => ms - zero,
    onWindow(window) {
      windows.push(window);
      request.onWindow?.(windows, stop);
    },
  });
  const write = async (message: object) => {
    const { kind, runner, unixMs, ms, body } = message as Extract<RelayMessage, { kind: "export" }>;
    if (kind === "export") receiver.take({ runner, unixMs, atMs: ms, body: Buffer.from(body, "base64") });
  };
  const trials = createTrials({ write });
  const relay = createRelayServer({ lines: { write }, trials, secret });
  const port = ((await listening(t, relay.server)).address() as AddressInfo).port;
  const place = { found: found.path, folder, relay: `127.0.0.1:${port}` };
  const exitCodes = await Promise.all([0, 1].map((runner) => oneOfTwo(t, request, { ...place, runner })));
  await receiver.close();
  return {
    ...{ windows, exitCodes, unauthenticated: relay.takeUnauthenticated() },
    ...{ missing: receiver.missing(), skewMs: receiver.skewMs() },
  };
}

async function oneOfTwo(
  t: ExecutionContext,
  request: LocustRequest,
  { found, folder, relay, runner }: { found: string; folder: string; relay: string; runner: number },
): Promise<number | undefined> {
  const stopAt = `127.0.0.${runner + 2}:6565`;
  const { argv, env } = locust.command({ ...order(request, found, relay), stopAt });
  const authorization = authorizationOf(secret);
  const registration = { trial, runner, count, pod: `pod-${runner}`, node: null };
  const headers = { authorization, "tunebench-trial": trial, "tunebench-runner": String(runner) };
  const own = {
    TUNEBENCH_SHARED: JSON.stringify({ url: `http://${relay}/register`, authorization, registration }),
    [locust.pod.headersVariable]: Object.entries(headers)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join(","),
  };
  const bounds = { extendEnv: false, reject: false, timeout: 60_000, killSignal: "SIGKILL" } as const;
  const [program = "", ...args] = argv;
  const child = execa(program, args, { ...bounds, cwd: folder, env: { ...env, ...own }, stderr: "inherit" });
  const stopping = execa(process.execPath, [programFile("pods", "stop-generator")], {
    ...bounds,
    env: {
      TUNEBENCH_STOP: JSON.stringify({ relay, trial, generator: stopAt }),
      TUNEBENCH_SECRET: secret,
      JOB_COMPLETION_INDEX: String(runner),
    },
  });
  t.teardown(() => stopping.kill());
  const { exitCode } = await child;
  return exitCode;
}

/** A service that counts what it is asked for, by path. */
export async function openShop(t: ExecutionContext) {
  const asked = new Map<string, number>();
  const answer = ({ url = "" }: IncomingMessage): [number, string] => {
    if (url === "/missing") return [404, "no such page"];
    if (url === "/pool") return [503, "no free connection"];
    return [200, url === "/buy" && (asked.get(url) ?? 0) % 10 === 0 ? "none left" : "bought"];
  };
  const server = createHttpServer((request, response) => {
    const path = (request.url ?? "").replace(/\d+/, "*");
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const [status, body] = answer(request);
    response.writeHead(status).end(body);
  });
  await listening(t, server);
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A number of each window, over all of them. */
export function sumOf(windows: Window[], of: (window: Window) => number): number {
  return windows.reduce((sum, window) => sum + of(window), 0);
}

function order(request: LocustRequest, program: string, exportTo: string) {
  const { perSecond, afterMs, targetUrl, pace = false, virtualUsers = 200, env = {} } = request;
  return {
    program,
    beside: locust.beside ?? "",
    scriptFile: "-",
    exportTo,
    targetUrls: [targetUrl],
    load: {
      engine: "locust" as const,
      script: "locustfile.py",
      rate: constantRate(perSecond),
      virtualUsers,
      pace,
      keepConnections: null,
      scenarios: null,
      env,
      runners: null,
    },
    script: null,
    // Its schedule is two seconds longer.
    stop: { fault: null, requests: null, latency: null, cliff: null, saturated: null, afterMs: afterMs - 2000 },
    bodySignatures: request.bodySignatures ?? [],
    checkSignatures: request.checkSignatures ?? [],
  };
}

/** Gives a world the Locust of this machine's cache: to install one takes half a minute. */
export async function lendLocust(t: ExecutionContext, world: World): Promise<void> {
  const { folder } = await locustHere(t);
  if (folder === undefined) return;
  const cache = join(world.home, "tunebench");
  mkdirSync(cache, { recursive: true });
  symlinkSync(folder, join(cache, basename(folder)));
}

/** A locustfile of one page; HEADERS stands for a literal of Python. */
export const dialling = `
from locust import FastHttpUser, between, task
class Visitor(FastHttpUser):
    wait_time = between(0.05, 0.15)
    @task
    def page(self):
        self.client.get("/", headers=HEADERS)
`;

/** A suite whose load is by Locust, before a target of 400 ports. */
export function byLocust(suite: Document, load: Record<string, unknown>): void {
  suite.set("load", { engine: "locust", script: "locustfile.py", ...load });
  suite.setIn(["target", "sysctls"], { "net.ipv4.ip_local_port_range": "32768 33167" });
  suite.set("profiles", { baseline: {}, reuse: { "net.ipv4.tcp_tw_reuse": 1 } });
  suite.set("stop", { fault: { kind: "EADDRNOTAVAIL", ratio: "1%", windows: 2 }, requests: 800, after: "25s" });
  // What others disturb is claimed less of, and not run twice.
  suite.set("retries", 0);
}
