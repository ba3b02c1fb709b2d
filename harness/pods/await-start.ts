/**
 * Runs in each runner's pod before its k6: registers at the relay, waits until all have, and leaves the instant of the common start and
 * the runner's share in a file that k6's script reads. Ends with 1 where the relay turns the runner away.
 */

import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { endpointText } from "../core/endpoint.ts";
import type { AwaitSettings, Registration, StartFile } from "./messages.ts";
import { jsonSetting } from "./pod-program.ts";

/** Between two attempts to reach the relay, which may not listen yet. */
const againMs = 250;

process.exitCode = await main(jsonSetting<AwaitSettings>(process.env, "TUNEBENCH_AWAIT"));

async function main(settings: AwaitSettings): Promise<number> {
  const { trial, count } = settings;
  const runner = Number(process.env.JOB_COMPLETION_INDEX);
  const { POD_ADDRESS: host = "", NODE_NAME: node = null } = process.env;
  const address = endpointText(host, 6565);
  const answer = await register(settings.relay, { trial, runner, count, address, node });
  if (answer.status !== 200) {
    console.error(`the relay turned runner ${runner} away: ${answer.text}`);
    return 1;
  }
  const { startUnixMs } = JSON.parse(answer.text) as { startUnixMs: number };
  const file: StartFile = { startUnixMs, runner, count };
  writeFileSync(settings.file, JSON.stringify(file));
  return 0;
}

/** Asks until there is an answer, which comes once all runners are there. */
async function register(relay: string, registration: Registration): Promise<{ status: number; text: string }> {
  for (;;) {
    try {
      return await post(`http://${relay}/register`, JSON.stringify(registration));
    } catch (error) {
      console.error(`the relay at ${relay} is not there yet: ${(error as Error).message}`);
      await pause(againMs);
    }
  }
}

function post(url: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: "POST", headers: { "content-type": "application/json" } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    asked.on("socket", (socket) => socket.setKeepAlive(true, 5000));
    asked.on("error", reject);
    asked.end(body);
  });
}
