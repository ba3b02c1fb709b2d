import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { LineWriter } from "../lines/line-writer.ts";
import type { Registration } from "./messages.ts";
import type { Trials } from "./trials.ts";

/** An export of k6 is a few KB; what is larger than this is none. */
const largestBody = 8 * 1024 * 1024;

/**
 * POST /v1/metrics takes a runner's OTLP export (headers tunebench-trial and tunebench-runner say whose), writes it as it came, and
 * answers once the line was taken: a log that is slow slows the runners' exports and loses none. POST /register lets a runner in, and
 * answers when all are there.
 */
export function createRelayServer(lines: LineWriter, trials: Trials): Server {
  const server = createServer((message, response) => {
    void answer(message, response).catch((error: Error) => end(response, 400, error.message));
  });
  // k6 keeps one connection; closing it while it is idle could lose an export.
  server.keepAliveTimeout = 0;
  return server;

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(message);
    if (message.method !== "POST") return end(response, 404, "");
    if (message.url === "/v1/metrics") return await takeExport(message, body, response);
    if (message.url === "/register") return await letIn(body, response);
    end(response, 404, "");
  }

  async function takeExport(message: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const [unixMs, ms] = [Date.now(), performance.now()];
    const { trial, runner } = ownerOf(message);
    const encoding = message.headers["content-encoding"] === "gzip" ? "gzip" : "identity";
    const seq = trials.count(trial, runner);
    await lines.write({ kind: "export", ms, unixMs, trial, runner, seq, encoding, body: body.toString("base64") });
    // An empty body is a whole ExportMetricsServiceResponse: all was accepted.
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  }

  async function letIn(body: Buffer, response: ServerResponse): Promise<void> {
    const admission = await trials.register(registrationOf(body));
    if ("refused" in admission) return end(response, 409, admission.refused);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(admission));
  }
}

function end(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { "content-type": "text/plain" }).end(words);
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBody) throw new Error(`more than ${largestBody} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function ownerOf({ headers }: IncomingMessage): { trial: string; runner: number } {
  const trial = String(headers["tunebench-trial"]);
  const runner = Number(headers["tunebench-runner"]);
  if (!isTrial(trial) || !isRunner(runner))
    throw new Error("whose export is this? (tunebench-trial, tunebench-runner)");
  return { trial, runner };
}

function registrationOf(body: Buffer): Registration {
  const { trial, runner, count, address, node } = JSON.parse(body.toString("utf8")) as Partial<Registration>;
  if (!isTrial(trial) || !isRunner(runner) || !isRunner(count) || typeof address !== "string") {
    throw new Error("no registration of a runner");
  }
  return { trial, runner, count, address, node: typeof node === "string" ? node : null };
}

function isTrial(value: unknown): value is string {
  return typeof value === "string" && /^\d{3,9}$/.test(value);
}

function isRunner(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 100_000;
}
