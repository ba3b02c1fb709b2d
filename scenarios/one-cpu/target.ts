/**
 * A service that is cheap to ask and opens a connection for every client: accepting and answering is most of its work,
 * and it shares its CPU with whatever receive work is steered there.
 */
import { createServer } from "node:http";

const answer = JSON.stringify({ items: Array.from({ length: 100 }, (_, id) => ({ id, name: `item ${id}` })) });

createServer((_request, response) => response.end(JSON.stringify(JSON.parse(answer)))).listen(
  Number(process.env.PORT ?? 8080),
);
