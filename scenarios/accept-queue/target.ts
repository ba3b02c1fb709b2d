/**
 * A service that is slow to accept: once a second its only thread is busy for a while (a long garbage collection, a
 * large JSON document). Connections that arrive meanwhile wait in the kernel's accept queue, whose limit is
 * min(the backlog asked of listen(), somaxconn).
 */
import { createServer } from "node:http";

const backlog = Number(process.env.BACKLOG ?? 511);
const busyMs = Number(process.env.BUSY_MS ?? 400);

createServer((_request, response) => response.end("ok\n")).listen({ port: Number(process.env.PORT ?? 8080), backlog });

setInterval(() => {
  const until = performance.now() + busyMs;
  while (performance.now() < until);
}, 1000);
