import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/** Where a runner's k6 listens for REST calls, and whether it was ever heard. */
export interface ToldRunner {
  address: string;
  exports: number;
}

/** Between two attempts to tell one runner, and how long it is tried; a k6 that has only begun does not listen yet. */
const againMs = 100;
const patienceMs = 30_000;
const answerMs = 1000;

/** k6's own way to be stopped from outside (REST, PATCH /v1/status). */
const stopped = JSON.stringify({ data: { type: "status", id: "default", attributes: { stopped: true } } });

/** Tells all runners at once to end. When each confirmed (runner -> performance.now()); null where it is over already or can't be reached. */
export async function stopRunners(runners: Map<number, ToldRunner>): Promise<Record<string, number | null>> {
  const answers = [...runners].map(async ([runner, told]) => [String(runner), await tell(told)] as const);
  return Object.fromEntries(await Promise.all(answers));
}

async function tell(runner: ToldRunner): Promise<number | null> {
  if (runner.address === "") return null;
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    const answer = await attempt(runner.address);
    if (answer === 200) return performance.now();
    // One that was heard and no longer listens has ended.
    if (answer === "ECONNREFUSED" && runner.exports > 0) return null;
    await pause(againMs);
  }
  return null;
}

/** The answer's status, or Node's code for why there is none. */
function attempt(address: string): Promise<number | string> {
  return new Promise((resolve) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(stopped) };
    const signal = AbortSignal.timeout(answerMs);
    const asked = request(
      `http://${address}/v1/status`,
      { method: "PATCH", headers, agent: false, signal },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    asked.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end(stopped);
  });
}
