/** Runs in the relay's pod. */
import { createLineWriter } from "../lines/line-writer.ts";
import { inCluster } from "./cluster-access.ts";
import type { RelaySettings } from "./messages.ts";
import { jsonSetting, setting, untilTerminated } from "./pod-program.ts";
import { secretVariable } from "./relay-secret.ts";
import { runRelay } from "./run-relay.ts";

/** Registered for OTLP over HTTP. */
const port = 4318;

await runRelay({
  settings: jsonSetting<RelaySettings>(process.env, "TUNEBENCH_RELAY"),
  secret: setting(process.env, secretVariable),
  lines: createLineWriter(process.stdout),
  api: inCluster(process.env),
  port,
  signal: untilTerminated(),
});
// A runner that never said that it was told may still be waited for.
process.exit(0);
