import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { LineWriter } from "../lines/line-writer.ts";
import { type RunnerName, registrationShape, runnerShape, toldShape } from "./relay-requests.ts";
import { isAuthorized } from "./relay-secret.ts";
import type { Trials } from "./trials.ts";

export interface RelayServer {
  server: Server;
  /** Requests that came without the run's secret since this was last asked. */
  takeUnauthenticated(): number;
}

/** An export is a few KB; what is larger than this is none. */
const largestBody = 8 * 1024 * 1024;
/**
 * A request that does not come to its end in so long holds a connection for nothing; a busy node takes a moment. Whoever is gone without
 * a word is found by TCP. A generator keeps one connection: closing it while it is idle could lose an export.
 */
const bounds = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1000,
  keepAlive: true,
  keepAliveInitialDelay: 5000,
  keepAliveTimeout: 0,
};

/**
 * What the run's own pods ask, by the run's secret; anybody else gets 401, and is counted. POST /v1/metrics takes a runner's OTLP export
 * (headers tunebench-trial and tunebench-runner say whose), writes it as it came, and answers once the line was taken: a log that is slow
 * slows the runners' exports and loses none. POST /register lets a runner in, and answers when all are there. POST /until-stop answers
 * when the trial is to end; POST /told says that a generator was told so.
 */
export function createRelayServer(relay: { lines: LineWriter; trials: Trials; secret: string }): RelayServer {
  const { lines, trials, secret } = relay;
  let unauthenticated = 0;
  const routes = new Map([
    ["/v1/metrics", takeExport],
    ["/register", letIn],
    ["/until-stop", sayStop],
    ["/told", noteTold],
  ]);
  const server = createServer(bounds, (message, response) => {
    void answer(message, response).catch((error: Error) => end(response, 400, error.message));
  });
  return {
    server,
    takeUnauthenticated() {
      const taken = unauthenticated;
      unauthenticated = 0;
      return taken;
    },
  };

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isAuthorized(message.headers.authorization, secret)) {
      unauthenticated += 1;
      return end(response, 401, "");
    }
    const route = message.method === "POST" ? routes.get(message.url ?? "") : undefined;
    if (route === undefined) return end(response, 404, "");
    await route(await bodyOf(message), response, message);
  }

  async function takeExport(body: Buffer, response: ServerResponse, message: IncomingMessage): Promise<void> {
    const [unixMs, ms] = [Date.now(), performance.now()];
    const owner = ownerOf(message);
    const encoding = message.headers["content-encoding"] === "gzip" ? "gzip" : "identity";
    const seq = trials.count(owner);
    await lines.write({ kind: "export", ms, unixMs, ...owner, seq, encoding, body: body.toString("base64") });
    // An empty body is a whole ExportMetricsServiceResponse: all was accepted.
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  }

  async function letIn(body: Buffer, response: ServerResponse): Promise<void> {
    const admission = await trials.register(registrationShape.parse(jsonOf(body)));
    if ("refused" in admission) return end(response, 409, admission.refused);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(admission));
  }

  async function sayStop(body: Buffer, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    await trials.untilStop(runnerShape.parse(jsonOf(body)), gone.signal);
    end(response, 200, "");
  }

  async function noteTold(body: Buffer, response: ServerResponse): Promise<void> {
    trials.told(toldShape.parse(jsonOf(body)));
    end(response, 200, "");
  }
}

function jsonOf(body: Buffer): unknown {
  return JSON.parse(body.toString("utf8"));
}

/** Who is turned away may not have been heard to the end: the connection goes, too. Nothing where an answer is under way already. */
function end(response: ServerResponse, status: number, words: string): void {
  if (response.headersSent) return;
  if (status >= 400) response.setHeader("connection", "close");
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

function ownerOf({ headers }: IncomingMessage): RunnerName {
  const runner = /^\d+$/.exec(String(headers["tunebench-runner"]))?.[0];
  return runnerShape.parse({ trial: headers["tunebench-trial"], runner: Number(runner) });
}
