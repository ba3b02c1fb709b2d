/** Runs inside a namespace: listens on 127.0.0.1:PORT, passes the handle to the parent over IPC and ends. argv: PORT */
import { createServer } from "node:net";

const server = createServer();
server.once("error", (error) => process.send?.(error.message, () => process.disconnect()));
server.listen(Number(process.argv[2]), "127.0.0.1", () => {
  process.send?.("listening", server, {}, () => {
    server.close();
    process.disconnect();
  });
});
