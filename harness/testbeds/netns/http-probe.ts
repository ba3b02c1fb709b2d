/**
 * Runs inside a peer's namespace: asks a part over HTTP until it answers 2xx or 3xx, then exits 0. Each answer that is none, and not as the
 * one before, is a line of its output: the status and how the body begins.
 * argv: ADDRESS PORT PATH WITHIN_MS
 */
import { get, type IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

const [host = "", port = "", path = "/", withinMs = "0"] = process.argv.slice(2);
const deadline = performance.now() + Number(withinMs);
const mostCharacters = 200;

process.exitCode = (await untilOk()) ? 0 : 1;

async function untilOk(): Promise<boolean> {
  let told = "";
  while (performance.now() < deadline) {
    const answer = await answered();
    if (answer === "ok") return true;
    if (answer !== null && answer !== told) process.stdout.write(`${answer}\n`);
    told = answer ?? told;
    await wait(20);
  }
  return false;
}

/** "ok", what it answered in place of that, or null where no answer came. */
function answered(): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get({ host, port, path, timeout: 1000, headers: { connection: "keep-alive" } }, (response) => {
      request.removeAllListeners("close");
      const status = response.statusCode ?? 500;
      const isOk = status >= 200 && status < 400;
      void (isOk ? Promise.resolve("ok") : beginningOf(response).then((text) => `${status}: ${text}`)).then(
        (answer) => {
          resolve(answer);
          // A reset leaves no TIME_WAIT on either side: the trial starts with clean tables.
          response.socket.resetAndDestroy();
        },
      );
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(null));
    request.once("close", () => resolve(null));
  });
}

/** The body's first words, in one line. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  let text = "";
  try {
    for await (const chunk of response.setEncoding("utf8")) {
      text += chunk;
      if (text.length > mostCharacters * 5) break;
    }
  } catch {
    // What came before the connection broke has to do.
  }
  return text
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, mostCharacters);
}
