import { createServer, type ServerHttp2Stream } from "node:http2";
import type { ExecutionContext } from "ava";
import { faultsIn, listening, portOf, requestsIn, runTrial } from "../helpers/k6-trial.ts";
import { testNeeding } from "../helpers/parts.ts";

/** What a method answers: so many messages, and a code. */
const answers: Record<string, { messages: number; code: number }> = {
  Browse: { messages: 1, code: 0 },
  Buy: { messages: 0, code: 14 },
  Watch: { messages: 3, code: 0 },
  Break: { messages: 1, code: 14 },
  Deny: { messages: 0, code: 7 },
  Chat: { messages: 2, code: 0 },
};

const proto = `syntax = "proto3"; package shop; import "item.proto";
service Shop {
  rpc Browse (Item) returns (Item) {} rpc Buy (Item) returns (Item) {}
  rpc Watch (Item) returns (stream Item) {} rpc Break (Item) returns (stream Item) {} rpc Deny (Item) returns (stream Item) {}
  rpc Chat (stream Item) returns (stream Item) {}
}`;

const files = {
  "protos/shop.proto": proto,
  "protos/common/item.proto": 'syntax = "proto3"; package shop; message Item { string name = 1; }',
};

const client = `import grpc, { Stream } from 'k6/net/grpc';
const client = new grpc.Client();
client.load(['protos', 'protos/common'], 'shop.proto');
let connected = false;
function connect() {
  if (!connected) client.connect(__ENV.TARGET_URL.replace('http://', ''), { plaintext: true });
  connected = true;
}
`;

/** Runs a script for a second against a service that answers as above; how often each of its methods was called. */
async function ran(t: ExecutionContext, script: string) {
  const calls: Record<string, number> = {};
  const server = createServer();
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    const method = String(headers[":path"]).replace("/shop.Shop/", "");
    calls[method] = (calls[method] ?? 0) + 1;
    const { messages = 0, code = 12 } = answers[method] ?? {};
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(code) }));
    // An empty message: no flag, no length.
    for (let i = 0; i < messages; i += 1) stream.write(Buffer.alloc(5));
    stream.on("error", () => {});
    stream.resume().on("end", () => stream.end());
  });
  await listening(t, server);
  const targetUrl = `http://127.0.0.1:${portOf(server)}`;
  const result = await runTrial(t, { files: { "load.js": client + script, ...files }, targetUrl, afterMs: 1000 });
  t.is(result.exitCode, 0, result.log.join("\n"));
  return { ...result, calls };
}

testNeeding(["k6"], "gRPC calls are counted, failed ones by their code; protos lie beside the script", async (t) => {
  const { windows, script, calls } = await ran(
    t,
    `export default function () {
  connect();
  client.invoke('shop.Shop/Browse', { name: 'a' });
  client.invoke('shop.Shop/Buy', { name: 'a' });
}`,
  );
  t.deepEqual(script.files.toSorted(), ["protos/common/item.proto", "protos/shop.proto"]);
  t.true(requestsIn(windows) > 20);
  t.is(requestsIn(windows), (calls.Browse ?? 0) + (calls.Buy ?? 0));
  t.deepEqual(faultsIn(windows), { "gRPC UNAVAILABLE target": requestsIn(windows) / 2 });
});

testNeeding(["k6"], "gRPC streams are counted when they are answered, and by their code when they fail", async (t) => {
  const { windows, calls } = await ran(
    t,
    `const one = (method, ...messages) => new Promise((resolve) => {
  const stream = new Stream(client, 'shop.Shop/' + method, { tags: { own: 'a' } });
  stream.on('data', () => {});
  stream.on('end', resolve);
  for (const name of messages) stream.write({ name });
  stream.end();
});
export default async function () {
  connect();
  await Promise.all([one('Watch', 'a'), one('Break', 'a'), one('Deny', 'a'), one('Chat', 'a', 'b')]);
}`,
  );
  const all = calls.Watch ?? 0;
  t.true(all > 10);
  t.deepEqual(calls, { Watch: all, Break: all, Deny: all, Chat: all });
  t.deepEqual(faultsIn(windows), { "gRPC UNAVAILABLE target": all, "gRPC PERMISSION_DENIED target": all });
  t.is(requestsIn(windows), 5 * all, "a stream that was answered, and failed, is two");
  const messages = windows.flatMap(({ script }) => script.metrics);
  const sumOf = (name: string) =>
    messages.reduce((sum, one) => sum + (one.name === name && one.kind === "counter" ? one.sum : 0), 0);
  t.is(sumOf("grpc_streams_msgs_received"), 6 * all);
  t.is(sumOf("grpc_streams_msgs_sent"), 5 * all);
});
