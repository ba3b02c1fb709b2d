/** A database as far as this story needs one: it answers every line and never closes first. */
import { createServer } from "node:net";

createServer((connection) => {
  connection.on("data", () => connection.write("pong\n"));
  // A peer that vanished is its own affair; this server must outlive it.
  connection.on("error", () => connection.destroy());
}).listen({ port: Number(process.env.PORT ?? 3306), backlog: 65535 });
