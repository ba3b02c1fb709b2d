/**
 * A service without a connection pool: for every request it dials its database, asks once, and closes first,
 * so each request leaves a TIME_WAIT on this side. Its errors read as the ones that a Go service would log.
 */
import { createServer } from "node:http";
import { connect } from "node:net";

const database = { host: process.env.DB_HOST ?? "127.0.0.1", port: Number(process.env.DB_PORT ?? 3306) };

createServer(async (_request, response) => {
  try {
    response.end(await query("ping\n"));
  } catch (error) {
    response.writeHead(503).end(`failed to connect db: execute query: ${describe(error as NodeJS.ErrnoException)}\n`);
  }
}).listen(Number(process.env.PORT ?? 8080));

/** One connection, one question, one answer. end() sends the first FIN: the TIME_WAIT stays here. */
function query(question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = connect(database, () => connection.write(question));
    connection.setEncoding("utf8").once("data", (answer: string) => {
      connection.end();
      resolve(answer);
    });
    connection.once("error", reject);
  });
}

function describe(error: NodeJS.ErrnoException): string {
  const dial = `dial tcp ${database.host}:${database.port}: connect`;
  return error.code === "EADDRNOTAVAIL" ? `${dial}: cannot assign requested address` : `${dial}: ${error.message}`;
}
