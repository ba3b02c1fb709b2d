/**
 * Runs beside the generator in each runner's pod: asks the relay, which answers once the trial is to end, and tells it on the pod's loopback, where
 * nobody else reaches it: a runner has no open port. SIGTERM ends it before: runners' pods share their processes, so that it is not PID 1.
 */

import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { StopSettings } from "./messages.ts";
import { jsonSetting } from "./pod-program.ts";
import { askRelay } from "./relay-client.ts";
import type { RunnerName, ToldToEnd } from "./relay-requests.ts";

/** Between two attempts to tell it, and how long it is tried; one that has only begun does not listen yet. */
const againMs = 100;
const patienceMs = 30_000;
const answerMs = 1000;

/** k6's own way to be stopped from outside (REST, PATCH /v1/status); our listener beside a locustfile takes the same. */
const stopped = JSON.stringify({ data: { type: "status", id: "default", attributes: { stopped: true } } });

const { relay, trial, generator } = jsonSetting<StopSettings>(process.env, "TUNEBENCH_STOP");
const own: RunnerName = { trial, runner: Number(process.env.JOB_COMPLETION_INDEX) };

const answer = await askRelay(relay, "/until-stop", own);
if (answer.status === 200) {
  const told: ToldToEnd = { ...own, confirmed: await tell() };
  await askRelay(relay, "/told", told);
} else console.error(`the relay turned runner ${own.runner} away: ${answer.text}`);

/** Whether it confirmed. */
async function tell(): Promise<boolean> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    if ((await attempt()) === 200) return true;
    await pause(againMs);
  }
  return false;
}

/** The answer's status; null where there is none. */
function attempt(): Promise<number | null> {
  return new Promise((resolve) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(stopped) };
    const signal = AbortSignal.timeout(answerMs);
    const asked = request(
      `http://${generator}/v1/status`,
      { method: "PATCH", headers, agent: false, signal },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? null);
      },
    );
    asked.on("error", () => resolve(null));
    asked.end(stopped);
  });
}
