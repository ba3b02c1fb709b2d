/**
 * Runs inside a peer's namespace: asks a part over HTTP until it answers 2xx or 3xx, then exits 0.
 * argv: ADDRESS PORT PATH WITHIN_MS
 */
import { get } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

const [host = "", port = "", path = "/", withinMs = "0"] = process.argv.slice(2);
const deadline = performance.now() + Number(withinMs);

process.exitCode = (await untilOk()) ? 0 : 1;

async function untilOk(): Promise<boolean> {
  while (performance.now() < deadline) {
    if (await answersWell()) return true;
    await wait(20);
  }
  return false;
}

function answersWell(): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host, port, path, timeout: 1000, headers: { connection: "keep-alive" } }, (response) => {
      const status = response.statusCode ?? 500;
      // A reset leaves no TIME_WAIT on either side: the trial starts with clean tables.
      response.socket.resetAndDestroy();
      resolve(status >= 200 && status < 400);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
    request.once("close", () => resolve(false));
  });
}
