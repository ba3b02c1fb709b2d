/** A service that asks for as long an accept queue as somaxconn lets it have. */
import { createServer } from "node:http";

createServer((_request, response) => response.end("ok\n")).listen({
  port: Number(process.env.PORT ?? 8080),
  backlog: 65535,
});
