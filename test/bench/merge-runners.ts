import { receiveRunners } from "../../harness/engines/windows/receive-runners.ts";
import { createLineReader } from "../../harness/lines/line-reader.ts";
import { lineOf } from "../../harness/lines/line-writer.ts";
import { exportBody, requests } from "../helpers/otlp-export.ts";
import type { Benchmark } from "./figures.ts";

const runners = 100;
/** k6 exports every 500 ms. */
const perSecond = 2;
const seconds = 30;
const rounds = 5;

/** k6's trends: each has one attribute set for what succeeded and one for what failed. */
const trends = ["duration", "waiting", "sending", "receiving", "blocked", "connecting", "tls_handshaking"];

/** What a hundred runners cost the harness: lines checked, exports decoded, windows merged. */
export const mergeBenchmark: Benchmark = {
  name: "merge",
  about: `lines, exports and windows of ${runners} runners at ${perSecond} Hz, as a share of a core`,
  async run() {
    const lines = relayLines();
    const shares = Array.from({ length: rounds }, () => cpuMsOf(() => takeAll(lines)) / (seconds * 1000));
    const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0) / lines.length;
    return [
      { what: "CPU over real time", unit: "ratio", values: shares, goal: { atMost: 0.5 } },
      { what: "an export's line, KB", unit: "ratio", values: [bytes / 1000], goal: null },
    ];
  },
};

function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** As the harness takes a relay's log in. */
function takeAll(lines: string[]): void {
  const reader = createLineReader();
  let windows = 0;
  const receiver = receiveRunners({
    count: runners,
    at: (ms) => ms,
    onWindow: () => {
      windows += 1;
    },
  });
  for (const line of lines) {
    for (const message of reader.take(line) as { runner: number; ms: number; unixMs: number; body: string }[]) {
      const { runner, ms, unixMs, body } = message;
      receiver.take({ runner, unixMs, atMs: ms, body: Buffer.from(body, "base64") });
    }
  }
  receiver.close();
  if (windows < seconds * perSecond || receiver.failed > 0)
    throw new Error(`${windows} windows, ${receiver.failed} failed`);
}

/** Each runner at a phase of its own, latencies over three decades. */
function relayLines(): string[] {
  const zeroUnixMs = 1_795_253_781_000;
  return Array.from({ length: runners * perSecond * seconds }, (_, place) => {
    const ms = (place * 1000) / (runners * perSecond);
    const unixMs = zeroUnixMs + ms;
    const body = exportBody([requests(500, unixMs - 500), ...trends.map((trend) => trendOf(trend, unixMs - 500))]);
    const message = { kind: "export", ms, unixMs, trial: "001", runner: place % runners, seq: 1, encoding: "identity" };
    return lineOf(place + 1, { ...message, body: body.toString("base64") }).slice(0, -1);
  });
}

function trendOf(trend: string, startUnixMs: number) {
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const dataPoints = [true, false].map((succeeded) => ({
    attributes: [attribute("status", succeeded ? "200" : "503"), attribute("expected_response", String(succeeded))],
    startTimeUnixNano: startUnixMs * 1e6,
    timeUnixNano: (startUnixMs + 500) * 1e6,
    count: 300,
    sum: 900,
    scale: 4,
    zeroCount: 0,
    positive: { offset: -20, bucketCounts: Array.from({ length: 150 }, (_, bucket) => (bucket % 5 === 0 ? 10 : 0)) },
    min: 0.5,
    max: 300,
  }));
  return { name: `http_req_${trend}`, exponentialHistogram: { dataPoints, aggregationTemporality: 1 } };
}
