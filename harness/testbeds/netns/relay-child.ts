/**
 * Runs inside an upstream's namespace: passes connections on to the upstream and its answers back, these later where it is told
 * so. What one side does reaches the other: data, half-closes, resets. argv: PORT UPSTREAM_HOST UPSTREAM_PORT. Orders come
 * over IPC, each is answered when it is carried out: {addedMs: 100}, {open: false} (connections are refused), {open: true}.
 */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { RelayOrder } from "./relay.ts";

const [port = "0", host = "127.0.0.1", upstreamPort = "0"] = process.argv.slice(2);
let addedMs = 0;

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const upstream = connect({ host, port: Number(upstreamPort), allowHalfOpen: true, noDelay: true });
  forward(client, upstream, () => 0);
  forward(upstream, client, () => addedMs);
});

process.on("message", (order: RelayOrder) => {
  carryOut(order).then(
    () => process.send?.("done"),
    (error: Error) => process.send?.(error.message),
  );
});

async function carryOut(order: RelayOrder): Promise<void> {
  if ("addedMs" in order) addedMs = order.addedMs;
  else if (order.open && !server.listening) await listen();
  // Connections that are open end the way the upstream's own do; only new ones are refused from here on.
  else if (!order.open && server.listening) server.close();
}

async function listen(): Promise<void> {
  const listening = once(server, "listening");
  server.listen({ port: Number(port), backlog: 65_535 });
  await listening;
}

/** One way of a connection. All that is passed on goes through one queue, so that what came first goes first. */
function forward(from: Socket, to: Socket, delayMs: () => number): void {
  const queue: { dueMs: number; act: () => void }[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    timer = null;
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const waitMs = next.dueMs - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(flush, Math.ceil(waitMs));
        return;
      }
      queue.shift();
      next.act();
    }
  };
  const later = (act: () => void) => {
    const dueMs = Math.max(queue.at(-1)?.dueMs ?? 0, performance.now() + delayMs());
    queue.push({ dueMs, act });
    if (timer === null) flush();
  };
  from.on("data", (chunk: Buffer) => later(() => pass(chunk, from, to)));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => later(() => to.resetAndDestroy()));
}

/** Reads no faster than the other side takes it. */
function pass(chunk: Buffer, from: Socket, to: Socket): void {
  if (to.destroyed || to.write(chunk)) return;
  from.pause();
  to.once("drain", () => from.resume());
}
