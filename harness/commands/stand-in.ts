/**
 * In place of what a service dials, whatever that is: takes connections, answers what looks like HTTP and says nothing to anything else, and keeps
 * them until the other side ends them, or ends them where HTTP asks for it. A constant text: no word of it comes from what was seen.
 */
export const standIn = `// In place of an upstream: takes connections and answers HTTP with 200. Write your own, or name the real program in suite.yaml.
import { createServer } from "node:net";

const answer = "HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Length: 3\\r\\n";

createServer((socket) => {
  socket.on("error", () => socket.destroy());
  let text = "";
  socket.on("data", (piece) => {
    text += piece.toString("latin1");
    for (let end = text.indexOf("\\r\\n\\r\\n"); end >= 0; end = text.indexOf("\\r\\n\\r\\n")) {
      const head = text.slice(0, end);
      const length = Number(/^content-length: *(\\d+)/im.exec(head)?.[1] ?? 0);
      if (text.length < end + 4 + length) return;
      text = text.slice(end + 4 + length);
      const closes = /^connection: *close/im.test(head);
      socket.write(answer + (closes ? "Connection: close\\r\\n" : "") + "\\r\\nok\\n");
      if (closes) socket.end();
    }
    // Another protocol: nothing is answered, and nothing kept.
    if (text.length > 65536) text = "";
  });
}).listen({ port: Number(process.env.PORT), backlog: 65535 });
`;
