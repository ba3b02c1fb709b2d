import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import type { Document } from "yaml";
import { findLocust } from "../../harness/engines/locust/find-locust.ts";
import { locust } from "../../harness/engines/locust/locust.ts";
import type { FaultSignature } from "../../harness/results/criteria.ts";
import type { Window } from "../../harness/results/window.ts";
import { constantRate } from "../../harness/suite/rate.ts";
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
  const found = await findLocust({ explicit: null, env: process.env, onProgress: (line) => t.log(line) });
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
  const { folder } = await findLocust({ explicit: null, env: process.env, onProgress: (line) => t.log(line) });
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
