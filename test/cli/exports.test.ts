/** Reports for others' tools, and runs pushed to a receiver: real HTTP on this machine. */
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import test, { type ExecutionContext } from "ava";
import { execa } from "execa";
import { uncompress } from "snappyjs";
import { writeRequestType } from "../../harness/report/exports/remote-write.ts";
import { called } from "../helpers/calls.ts";
import { temporaryFolder, tunebench } from "../helpers/cli.ts";
import { readOpenMetrics } from "../helpers/openmetrics.ts";
import { testNeeding } from "../helpers/parts.ts";
import { storeRun } from "../helpers/stored-run.ts";

/** The format, and a line of what it prints of the stored story. */
const formats: [string, string][] = [
  ["bmf", '  "port-exhaustion/reuse": {'],
  ["github-benchmark", '    "name": "port-exhaustion/reuse: throughput",'],
  ["openmetrics", "# TYPE tunebench_trial_latency_p99_seconds gauge"],
  ["otlp-json", '              "name": "tunebench.trial.latency.p99",'],
];

for (const [format, line] of formats) {
  test(`report --format ${format} prints it alone`, async (t) => {
    const { folder } = storeRun(await temporaryFolder(t));
    const { exitCode, stdout, stderr } = await called(["report", folder, "--format", format]);
    t.is(exitCode, 0, stderr);
    t.true(stdout.split("\n").includes(line));
    if (format === "github-benchmark") t.regex(stderr, /--better higher for customBiggerIsBetter/);
    else t.is(stderr, "");
  });
}

testNeeding(["promtool"], "promtool makes blocks of the OpenMetrics text", async (t) => {
  const out = await temporaryFolder(t);
  const { folder } = storeRun(out);
  const { stdout } = await called(["report", folder, "--format", "openmetrics"]);
  const file = join(out, "run.openmetrics");
  writeFileSync(file, `${stdout}\n`);
  const made = await execa("promtool", ["tsdb", "create-blocks-from", "openmetrics", file, join(out, "blocks")]);
  const counts = made.stdout.split("\n")[1]?.split(/\s+/) ?? [];
  t.true(counts.includes(String(readOpenMetrics(`${stdout}\n`).length)), made.stdout);
});

test("--push by the path of remote write: every series, with run, profile and trial", async (t) => {
  const { folder } = storeRun(await temporaryFolder(t));
  const { url, asked } = await receiver(t, [{ status: 204 }]);
  const { exitCode, stderr } = await tunebench(["report", folder, "--push", `${url}/api/v1/write`]);
  t.is(exitCode, 0, stderr);
  t.regex(stderr, /^pushed \d+ numbers to http:\S+\/api\/v1\/write \(remote-write\)$/);
  const [{ headers, body } = unasked()] = asked;
  t.is(headers["content-type"], "application/x-protobuf");
  t.is(headers["content-encoding"], "snappy");
  t.is(headers["x-prometheus-remote-write-version"], "0.1.0");
  const { timeseries = [] } = writeRequestType.toObject(writeRequestType.decode(uncompress(new Uint8Array(body))));
  const series: { labels: { name: string; value: string }[] }[] = timeseries;
  const trial = series.find(({ labels }) =>
    labels.some(({ value }) => value === "tunebench_trial_latency_p99_seconds"),
  );
  const names = trial?.labels.map(({ name }) => name);
  t.deepEqual(names, ["__name__", "block", "bound", "profile", "purpose", "run", "suite", "trial"]);
});

test("--push by the path of OTLP, with the header of the environment: what --format otlp-json prints", async (t) => {
  const { folder } = storeRun(await temporaryFolder(t));
  const { url, asked } = await receiver(t, [{ status: 200, text: "{}" }]);
  const args = ["report", folder, "--format", "otlp-json", "--push", `${url}/v1/metrics`];
  const { exitCode, stdout, stderr } = await called(args, {
    env: { TUNEBENCH_PUSH_AUTHORIZATION: "Bearer s3cret" },
  });
  t.is(exitCode, 0, stderr);
  t.is(asked[0]?.headers.authorization, "Bearer s3cret");
  t.is(asked[0]?.body.toString(), `${stdout}\n`);
});

test("a receiver that is overloaded is asked again", async (t) => {
  const { folder } = storeRun(await temporaryFolder(t));
  const { url, asked } = await receiver(t, [{ status: 503 }, { status: 200 }]);
  const { exitCode } = await called(["report", folder, "--push", `${url}/receive`, "--push-as", "remote-write"]);
  t.is(exitCode, 0);
  t.is(asked.length, 2);
  t.deepEqual(asked[0]?.body, asked[1]?.body);
});

/** What a receiver answers, and how that is told. */
const refusals: [string, Answer, RegExp][] = [
  [
    "an error",
    { status: 400, text: "out of order sample for Bearer s3cret" },
    /HTTP 400: out of order sample for \(redac/,
  ],
  ["a redirect", { status: 307, text: "elsewhere" }, /HTTP 307: elsewhere/],
  [
    "a part refused",
    { status: 200, text: '{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"too old"}}' },
    /3 numbers refused: too old/,
  ],
];

for (const [what, answer, words] of refusals) {
  test(`what the receiver answers is told, and no secret: ${what}`, async (t) => {
    const { folder } = storeRun(await temporaryFolder(t));
    const { url } = await receiver(t, [answer]);
    const { exitCode, stdout, stderr } = await called(["report", folder, "--push", `${url}/v1/metrics?token=t0ken`], {
      env: { TUNEBENCH_PUSH_AUTHORIZATION: "Bearer s3cret" },
    });
    t.is(exitCode, 4);
    t.regex(stderr, words);
    t.notRegex(stdout + stderr, /s3cret|t0ken|at \S+\.ts:/);
  });
}

test("nobody there, and what is no target", async (t) => {
  const { folder } = storeRun(await temporaryFolder(t));
  const { url, close } = await receiver(t, []);
  await close();
  const push = (...args: string[]) => called(["report", folder, ...args]);
  const gone = await push("--push", `${url}/v1/metrics`);
  t.is(gone.exitCode, 4);
  t.regex(gone.stderr, /can't push to http:\S+ \(otlp\): .*ECONNREFUSED/);
  for (const [args, words] of [
    [["--push", "http://u:s3cret@127.0.0.1/v1/metrics"], /TUNEBENCH_PUSH_AUTHORIZATION/],
    [["--push", "http://127.0.0.1/there"], /--push-as remote-write, or --push-as otlp/],
    [["--push", "file:///tmp/x"], /a URL of http or https/],
    [["--push-as", "otlp"], /--push-as is for --push URL/],
    [["--push", `${url}/v1/metrics`, "--push-as", "otpl"], /did you mean "otlp"/],
    [["--better", "higher"], /--better is for --format github-benchmark/],
  ] as [string[], RegExp][]) {
    const { exitCode, stdout, stderr } = await push(...args);
    t.is(exitCode, 2);
    t.is(stdout, "");
    t.regex(stderr, words);
    t.notRegex(stderr, /s3cret/);
  }
});

interface Answer {
  status: number;
  text?: string;
}

interface Asked {
  headers: IncomingMessage["headers"];
  body: Buffer;
}

function unasked(): never {
  throw new Error("nothing came");
}

/** A receiver on this machine, which answers as it is told and keeps what it was asked. */
async function receiver(t: ExecutionContext, answers: Answer[]) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    asked.push({ headers: request.headers, body: await buffer(request) });
    const { status, text = "" } = answers[asked.length - 1] ?? { status: 500 };
    response.writeHead(status, { location: "/elsewhere" }).end(text);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const close = () => new Promise<unknown>((closed) => server.close(closed));
  t.teardown(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close };
}
