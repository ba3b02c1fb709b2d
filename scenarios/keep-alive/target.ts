/** The healthy control: the same service with a connection pool, so no setting of the kernel has anything to mend. */
import { createServer } from "node:http";
import { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";

const database = { host: process.env.DB_HOST ?? "127.0.0.1", port: Number(process.env.DB_PORT ?? 3306) };
const poolSize = 32;
/** What every answer waits, ms: a build that became slower, for `tunebench gate` to find. */
const delayMs = Number(process.env.DELAY_MS ?? 0);
const idle: Socket[] = [];
const waiting: ((connection: Socket) => void)[] = [];

for (let index = 0; index < poolSize; index += 1) openConnection();

createServer(async (_request, response) => {
  const answer = await query("ping\n");
  if (delayMs > 0) await setTimeout(delayMs);
  response.end(answer);
}).listen(Number(process.env.PORT ?? 8080));

/** Borrows a connection, asks once, and gives it back. */
async function query(question: string): Promise<string> {
  const connection = idle.pop() ?? (await new Promise<Socket>((resolve) => waiting.push(resolve)));
  const answer = await new Promise<string>((resolve) => {
    connection.once("data", resolve);
    connection.write(question);
  });
  release(connection);
  return answer;
}

function release(connection: Socket): void {
  const next = waiting.shift();
  if (next === undefined) idle.push(connection);
  else next(connection);
}

/** A lost database connection ends the service: a pool that mends itself would hide what the experiment looks for. */
function openConnection(): void {
  const connection = new Socket();
  connection.setEncoding("utf8").setNoDelay(true);
  connection.once("error", (error) => {
    console.error(`database connection lost: ${error.message}`);
    process.exit(1);
  });
  connection.connect(database, () => release(connection));
}
