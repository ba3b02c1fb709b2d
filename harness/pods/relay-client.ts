import { type OutgoingHttpHeaders, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { setting } from "./pod-program.ts";
import { authorizationOf, secretVariable } from "./relay-secret.ts";

/** What the relay answered. */
export interface RelayAnswer {
  status: number;
  text: string;
}

/** Between two attempts to reach the relay, which may not listen yet. */
const againMs = 250;

/** Asks the relay (host:port) until there is an answer, which may be long in coming; with the run's secret of the environment. */
export async function askRelay(relay: string, path: string, body: object): Promise<RelayAnswer> {
  const authorization = authorizationOf(setting(process.env, secretVariable));
  for (;;) {
    try {
      return await post(`http://${relay}${path}`, { authorization, "content-type": "application/json" }, body);
    } catch (error) {
      console.error(`no answer of the relay at ${relay}: ${(error as Error).message}`);
      await pause(againMs);
    }
  }
}

function post(url: string, headers: OutgoingHttpHeaders, body: object): Promise<RelayAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: "POST", headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    asked.on("socket", (socket) => socket.setKeepAlive(true, 5000));
    asked.on("error", reject);
    asked.end(JSON.stringify(body));
  });
}
