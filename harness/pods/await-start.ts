/**
 * Runs in each runner's pod before its k6: registers at the relay, waits until all have, and leaves the instant of the common start and
 * the runner's share in a file that k6's script reads. Ends with 1 where the relay turns the runner away.
 */

import { writeFileSync } from "node:fs";
import type { AwaitSettings, StartFile } from "./messages.ts";
import { jsonSetting } from "./pod-program.ts";
import { askRelay } from "./relay-client.ts";
import type { Registration } from "./relay-requests.ts";

process.exitCode = await main(jsonSetting<AwaitSettings>(process.env, "TUNEBENCH_AWAIT"));

async function main({ relay, trial, count, file }: AwaitSettings): Promise<number> {
  const runner = Number(process.env.JOB_COMPLETION_INDEX);
  const { POD_NAME: pod = "", NODE_NAME: node = null } = process.env;
  const registration: Registration = { trial, runner, count, pod, node };
  const answer = await askRelay(relay, "/register", registration);
  if (answer.status !== 200) {
    console.error(`the relay turned runner ${runner} away: ${answer.text}`);
    return 1;
  }
  const { startUnixMs } = JSON.parse(answer.text) as { startUnixMs: number };
  const start: StartFile = { startUnixMs, runner, count };
  writeFileSync(file, JSON.stringify(start));
  return 0;
}
