import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Server, Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import type { ReceiveRequest, Receiver } from "../engine.ts";
import { decodeOtlp, type OtlpPoint } from "./decode-otlp.ts";
import { firstDuetCarry, firstLoadCarry, type LoadCarry, lastLoadWindow, toLoadWindow } from "./duet-windows.ts";

/**
 * Answers a generator's OTLP exports (POST /v1/metrics, protobuf, gzip or not) on a server that already listens, in whatever
 * namespace that is, and hands on one window for each. What can't be decoded is answered 400 and counted as failed.
 * close() hands on what was left open, ends the connections and closes the server.
 */
export function receiveWindows(request: ReceiveRequest): Receiver {
  const counts = { received: 0, failed: 0 };
  const thresholds = request.thresholds ?? [];
  const first = request.duet === true ? firstDuetCarry(thresholds) : firstLoadCarry(thresholds);
  let carry: LoadCarry = first;
  const onExport = (points: OtlpPoint[]) => {
    // A generator stamps wall time; both clocks are read together here, so a step of the wall clock shifts one border at most.
    const received = { unixMs: Date.now(), ms: request.now() };
    const next = toLoadWindow({ points, carry, received });
    carry = next.carry;
    if (next.window !== null) request.onWindow(next.window);
  };
  const connections = answerOn(request.server, (message, response) => answer(message, response, counts, onExport));
  return {
    get received() {
      return counts.received;
    },
    get failed() {
      return counts.failed;
    },
    async close() {
      await closeServer(request.server, connections);
      const last = lastLoadWindow(carry, request.now());
      carry = first;
      if (last !== null) request.onWindow(last);
    },
  };
}

/** Serves HTTP on another server's connections; the set of those that are open. */
function answerOn(server: Server, listener: (message: IncomingMessage, response: ServerResponse) => void): Set<Socket> {
  const http = createServer(listener);
  // A generator keeps one connection; closing it while it is idle could lose an export.
  http.keepAliveTimeout = 0;
  const connections = new Set<Socket>();
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
    http.emit("connection", socket);
  });
  return connections;
}

function answer(
  message: IncomingMessage,
  response: ServerResponse,
  counts: { received: number; failed: number },
  onExport: (points: OtlpPoint[]) => void,
): void {
  const chunks: Buffer[] = [];
  message.on("data", (chunk: Buffer) => chunks.push(chunk));
  message.on("end", () => {
    if (message.method !== "POST" || message.url !== "/v1/metrics") return respond(response, 404);
    const points = decoded(Buffer.concat(chunks), message.headers["content-encoding"]);
    counts[points === null ? "failed" : "received"] += 1;
    respond(response, points === null ? 400 : 200);
    if (points !== null) onExport(points);
  });
}

function decoded(body: Buffer, encoding: string | undefined): OtlpPoint[] | null {
  try {
    return decodeOtlp(encoding === "gzip" ? gunzipSync(body) : body);
  } catch {
    return null;
  }
}

/** An empty body is a whole ExportMetricsServiceResponse: all was accepted. */
function respond(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "application/x-protobuf" }).end();
}

async function closeServer(server: Server, connections: Set<Socket>): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  for (const socket of connections) socket.destroy();
  await closed;
}
