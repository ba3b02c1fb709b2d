/**
 * A service that works a little for every request and is asked on a new connection each time, on one CPU: what receive
 * work takes from that CPU, the service has not.
 */
import { createServer } from "node:http";

const catalogue = JSON.stringify({ items: Array.from({ length: 900 }, (_, id) => ({ id, name: `item ${id}` })) });

createServer((_request, response) => {
  const { items } = JSON.parse(catalogue) as { items: { id: number }[] };
  response.end(`${items.length} items\n`);
}).listen(Number(process.env.PORT ?? 8080));
