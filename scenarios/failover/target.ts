/** A service with a pool that mends itself. WAIT_MS is how long a request waits for its database before it fails. */
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";

const database = { host: process.env.DB_HOST ?? "127.0.0.1", port: Number(process.env.DB_PORT ?? 3306) };
const waitMs = Number(process.env.WAIT_MS ?? 100);
const poolSize = 16;
const reconnectMs = 50;
const idle: Socket[] = [];
const waiting: ((connection: Socket | null) => void)[] = [];

for (let index = 0; index < poolSize; index += 1) openConnection();

createServer(async (_request, response) => {
  const answer = await query("ping\n", performance.now() + waitMs);
  if (answer === null) response.writeHead(503).end("the database did not answer in time");
  else response.end(answer);
}).listen(Number(process.env.PORT ?? 8080));

/** Asks until a connection bears an answer; null once the time is up. */
async function query(question: string, deadlineMs: number): Promise<string | null> {
  for (;;) {
    const connection = await borrow(deadlineMs);
    if (connection === null) return null;
    const answer = await ask(connection, question);
    if (answer !== null) return answer;
  }
}

/** An idle connection, or the next one to be free; null once the time is up. */
function borrow(deadlineMs: number): Promise<Socket | null> {
  const connection = idle.pop();
  if (connection !== undefined) return Promise.resolve(connection);
  return new Promise((resolve) => {
    const take = (free: Socket | null) => {
      clearTimeout(timer);
      resolve(free);
    };
    const timer = setTimeout(
      () => {
        waiting.splice(waiting.indexOf(take), 1);
        resolve(null);
      },
      Math.max(0, deadlineMs - performance.now()),
    );
    waiting.push(take);
  });
}

/** null where the connection was lost over it. */
function ask(connection: Socket, question: string): Promise<string | null> {
  return new Promise((resolve) => {
    const lost = () => resolve(null);
    connection.once("close", lost);
    connection.once("data", (answer) => {
      connection.off("close", lost);
      release(connection);
      resolve(answer.toString());
    });
    connection.write(question);
  });
}

function release(connection: Socket): void {
  const next = waiting.shift();
  if (next === undefined) idle.push(connection);
  else next(connection);
}

/** A connection that is lost is made again, until the database is back. */
function openConnection(): void {
  const connection = connect({ ...database, noDelay: true }, () => release(connection));
  connection.on("error", () => {});
  connection.once("close", () => {
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    setTimeout(openConnection, reconnectMs);
  });
}
