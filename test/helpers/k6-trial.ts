import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import type { GeneratorRequest, Receiver } from "../../harness/engines/engine.ts";
import { bundleScript } from "../../harness/engines/k6/bundle-script.ts";
import { beyondStopMs, k6Program } from "../../harness/engines/k6/k6-program.ts";
import { readScript } from "../../harness/engines/k6/read-script.ts";
import { receiveWindows } from "../../harness/engines/windows/receive-windows.ts";
import type { FaultSignature } from "../../harness/results/criteria.ts";
import type { ScriptOptions } from "../../harness/results/script.ts";
import type { Window } from "../../harness/results/window.ts";
import type { Rate } from "../../harness/suite/rate.ts";
import { constantRate } from "../../harness/suite/rate.ts";
import type { Load } from "../../harness/suite/suite.ts";
import { k6Here } from "./engines-here.ts";

export interface TrialRequest {
  /** Files beside each other; load.ts is the script. */
  files: Record<string, string>;
  targetUrl: string;
  /** Of the target's other copies. */
  furtherUrls?: string[];
  rate?: Rate;
  /** How long k6 itself runs where nothing stops it. */
  afterMs?: number;
  virtualUsers?: number;
  keepConnections?: boolean;
  /** Shares of the script's scenarios. */
  scenarios?: Record<string, number>;
  env?: Record<string, string>;
  checkSignatures?: FaultSignature[];
  bodySignatures?: FaultSignature[];
  onWindow?: (window: Window, control: TrialControl) => void;
  /** By which k6 is started: one that is not named as ours exports by its own output. */
  called?: string | undefined;
}

export interface TrialControl {
  /** Sends k6 the SIGINT with which a trial ends early. */
  stop(): void;
  /** Takes the receiver away while k6 runs. */
  closeReceiver(): void;
}

export interface TrialResult {
  windows: Window[];
  script: ScriptOptions;
  log: string[];
  exitCode: number | undefined;
  receiver: Pick<Receiver, "received" | "failed">;
  /** From SIGINT to the end of k6; null where it was not sent. */
  stopTookMs: number | null;
}

/** Real k6 under the harness's own program and receiver, on loopback. */
export async function runTrial(t: ExecutionContext, request: TrialRequest): Promise<TrialResult> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-load-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await writeFiles(folder, request.files);
  const scriptFile = join(folder, "load.bundle.js");
  const name = Object.keys(request.files).find((file) => file.startsWith("load.")) ?? "load.ts";
  const bundle = await bundleScript(join(folder, name));
  await writeFile(scriptFile, bundle);
  const found = await k6Here(t);
  const k6Path = request.called === undefined ? found.path : join(folder, request.called);
  if (request.called !== undefined) await symlink(found.path, k6Path);
  const server = await listening(t, createServer());
  const { targetUrl } = request;
  const load = loadOf(request);
  const script = await readScript({ program: k6Path, bundle, folder, load, targetUrl, name });
  const windows: Window[] = [];
  let stopAskedMs: number | null = null;
  const receiver = receiveWindows({
    server,
    thresholds: script.thresholds,
    now: () => performance.now(),
    onWindow(window) {
      windows.push(window);
      request.onWindow?.(window, { stop, closeReceiver: () => void receiver.close() });
    },
  });
  const { argv, env } = k6Program(
    programRequest(request, { program: k6Path, scriptFile: "-", script, exportTo: `127.0.0.1:${portOf(server)}` }),
  );
  const [program = "", ...args] = argv;
  const k6 = execa(program, args, { env, cwd: folder, inputFile: scriptFile, all: true, reject: false });
  /** Once, as the harness does: a second SIGINT, by k6's last window, may meet a k6 that no longer handles it. */
  function stop() {
    if (stopAskedMs !== null) return;
    stopAskedMs = performance.now();
    k6.kill("SIGINT");
  }
  const { exitCode, all } = await k6;
  const stopTookMs = stopAskedMs === null ? null : performance.now() - stopAskedMs;
  await receiver.close();
  return { windows, script, log: all.split("\n"), exitCode, receiver, stopTookMs };
}

function programRequest(
  request: TrialRequest,
  found: Pick<GeneratorRequest, "program" | "scriptFile" | "script" | "exportTo">,
): GeneratorRequest {
  const stop = {
    fault: null,
    requests: null,
    afterMs: (request.afterMs ?? 2000) - beyondStopMs,
    latency: null,
    cliff: null,
    saturated: null,
  };
  return {
    ...found,
    targetUrls: [request.targetUrl, ...(request.furtherUrls ?? [])],
    load: loadOf(request),
    stop,
    bodySignatures: request.bodySignatures ?? [],
    checkSignatures: request.checkSignatures ?? [],
  };
}

function loadOf(request: TrialRequest): Load {
  return {
    engine: "k6",
    script: "load.ts",
    pace: false,
    rate: request.rate ?? constantRate(50),
    virtualUsers: request.virtualUsers ?? 10,
    keepConnections: request.keepConnections ?? null,
    scenarios: request.scenarios ?? null,
    env: request.env ?? {},
    runners: null,
  };
}

/** A target on loopback for the test's time; its URL. */
export async function startTarget(t: ExecutionContext, listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${portOf(await listening(t, createHttpServer(listener)))}`;
}

/** Listens on a port that the kernel chooses, until the test's end. */
export async function listening<S extends Server>(t: ExecutionContext, server: S): Promise<S> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

export function requestsIn(windows: Window[]): number {
  return windows.reduce((sum, window) => sum + window.requests, 0);
}

/** "KIND side" -> requests over all windows. */
export function faultsIn(windows: Window[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, side, count } of windows.flatMap((window) => window.faults)) {
    counts[`${kind} ${side}`] = (counts[`${kind} ${side}`] ?? 0) + count;
  }
  return counts;
}

async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}
