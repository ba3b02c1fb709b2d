/**
 * The service of the first story as its team had it: mysql2, no pool. Every request connects, queries and destroys
 * its connection. destroy() closes at once from this side, so the TIME_WAITs stay here; end() would leave them on
 * the database's side.
 */
import { createServer } from "node:http";
import { createConnection } from "mysql2/promise";

const database = {
  host: process.env.DB_HOST ?? "127.0.0.1",
  port: Number(process.env.DB_PORT ?? 3306),
  user: "tunebench",
  connectTimeout: 10_000,
};

createServer(async (_request, response) => {
  try {
    response.end(await query("SELECT 1 AS one"));
  } catch (error) {
    response.writeHead(503).end(`failed to connect db: execute query: ${(error as Error).message}\n`);
  }
}).listen(Number(process.env.PORT ?? 8080));

async function query(sql: string): Promise<string> {
  const connection = await createConnection(database);
  try {
    const [rows] = await connection.query(sql);
    return `${JSON.stringify(rows)}\n`;
  } finally {
    connection.destroy();
  }
}
