/** A service that moves many packets and thinks little: a 64 KiB answer to every request, so receive work is what it costs. */
import { createServer } from "node:http";

const answer = Buffer.alloc(Number(process.env.ANSWER_BYTES ?? 65_536), "x");

createServer((_request, response) => response.end(answer)).listen(Number(process.env.PORT ?? 8080));
