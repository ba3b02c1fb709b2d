import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { gzipSync } from "node:zlib";
import test, { type ExecutionContext } from "ava";
import { decodeOtlp } from "../../../../harness/engines/windows/decode-otlp.ts";
import { receiveWindows } from "../../../../harness/engines/windows/receive-windows.ts";
import type { Window } from "../../../../harness/results/window.ts";
import { durations, exportBody, requests } from "../../../helpers/otlp-export.ts";

async function receiving(t: ExecutionContext) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const windows: Window[] = [];
  const receiver = receiveWindows({ server, now: () => 10_000, onWindow: (window) => windows.push(window) });
  t.teardown(() => receiver.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = async (body: Buffer, headers: Record<string, string> = {}, path = "/v1/metrics") =>
    (await fetch(`${base}${path}`, { method: "POST", body: new Uint8Array(body), headers })).status;
  return { post, receiver, windows, server };
}

test("an export is decoded: numbers, attributes, buckets, times", (t) => {
  const startUnixMs = 1_795_253_781_000;
  const [sum, histogram] = decodeOtlp(exportBody([requests(42, startUnixMs), durations(startUnixMs)]));
  t.like(sum, {
    kind: "sum",
    metric: "http_reqs",
    value: 42,
    attributes: { status: "200", expected_response: "true" },
  });
  t.true(Math.abs((sum?.endUnixMs ?? 0) - startUnixMs - 500) < 0.01);
  t.deepEqual(histogram?.kind === "histogram" ? histogram.histogram : null, {
    scale: 3,
    zeroCount: 0,
    offset: -2,
    counts: [1, 0, 2],
    count: 3,
    sum: 7.5,
    min: 0.9,
    max: 1.2,
  });
});

test("numbers that were not told as deltas of exponential buckets are refused", (t) => {
  t.throws(() => decodeOtlp(exportBody([requests(1, 0, 2)])), { message: /temporality 2/ });
  t.throws(() => decodeOtlp(exportBody([{ name: "http_req_duration", histogram: {} }])), {
    message: /explicit buckets/,
  });
});

test("exports become windows, gzip or not, on the clock that was given", async (t) => {
  const { post, receiver, windows } = await receiving(t);
  const nowUnixMs = Date.now();
  t.is(await post(exportBody([requests(5, nowUnixMs - 1000), durations(nowUnixMs - 1000)])), 200);
  t.is(await post(gzipSync(exportBody([requests(7, nowUnixMs - 500)])), { "content-encoding": "gzip" }), 200);
  t.is(await post(exportBody([])), 200);
  t.deepEqual(
    windows.map((window) => window.requests),
    [5, 7, 0],
  );
  t.is(windows[0]?.latencyMs?.count, 3);
  // Sent about 1 s before the clock's 10,000 ms, however long the sending took.
  t.true((windows[0]?.startMs ?? 0) <= 9001 && (windows[1]?.endMs ?? 0) <= 10_001);
  t.is(windows[1]?.startMs, windows[0]?.endMs);
  t.is(windows[2]?.startMs, windows[1]?.endMs);
  t.deepEqual([receiver.received, receiver.failed], [3, 0]);
});

test("what can't be read is answered 400 and counted; other paths are not exports", async (t) => {
  const { post, receiver, windows } = await receiving(t);
  t.is(await post(Buffer.from("not protobuf")), 400);
  t.is(await post(exportBody([requests(1, 0)]), { "content-encoding": "gzip" }), 400);
  t.is(await post(exportBody([requests(1, 0)]), {}, "/v1/traces"), 404);
  t.deepEqual([receiver.received, receiver.failed, windows.length], [0, 2, 0]);
});

test("close ends open connections and the server, twice without harm", async (t) => {
  const { post, receiver, server } = await receiving(t);
  await post(exportBody([]));
  await receiver.close();
  await receiver.close();
  t.false(server.listening);
  await t.throwsAsync(post(exportBody([])));
});
