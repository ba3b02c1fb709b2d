import { Readable } from "node:stream";
import test from "ava";
import fc from "fast-check";
import { warningsOf } from "../../../../../harness/testbeds/kubernetes/api/connect.ts";
import { pathOf } from "../../../../../harness/testbeds/kubernetes/api/kinds.ts";
import { recordedNode } from "../../../../../harness/testbeds/kubernetes/api/nodes.ts";
import { readLines } from "../../../../../harness/testbeds/kubernetes/api/read-lines.ts";
import { ApiRefusal, remedyOf, statusOf } from "../../../../../harness/testbeds/kubernetes/api/refusal.ts";
import { nextWaitMs, patienceMs, retryAfterMs } from "../../../../../harness/testbeds/kubernetes/api/retry.ts";

const first = { attempts: 1, elapsedMs: 0, wasAway: false };
const refused = { status: null, code: "ECONNREFUSED", retryAfterMs: null };
const answered = (status: number) => ({ status, code: null, retryAfterMs: null });

test("a server that is away is asked again for 45 s, one that answers four times at most", (t) => {
  t.truthy(nextWaitMs(refused, { ...first, elapsedMs: patienceMs - 1 }, 0.5));
  t.is(nextWaitMs(refused, { ...first, elapsedMs: patienceMs }, 0.5), null);
  t.truthy(nextWaitMs(answered(503), { ...first, attempts: 3 }, 0.5));
  t.is(nextWaitMs(answered(503), { ...first, attempts: 4 }, 0.5), null);
});

test("a refusal is final, unless the server was away just before: it reads its rights anew", (t) => {
  for (const status of [400, 401, 403, 404, 409, 422]) t.is(nextWaitMs(answered(status), first, 0.5), null);
  t.truthy(nextWaitMs(answered(403), { ...first, wasAway: true }, 0.5));
  t.is(nextWaitMs(answered(404), { ...first, wasAway: true }, 0.5), null);
});

test("waits double up to 3 s, spread over half of it, never shorter than Retry-After", (t) => {
  t.is(nextWaitMs(refused, first, 1), 200);
  t.is(nextWaitMs(refused, first, 0), 100);
  t.is(nextWaitMs(refused, { ...first, attempts: 20 }, 1), 3_000);
  t.is(nextWaitMs({ ...answered(429), retryAfterMs: 5_000 }, first, 0), 5_000);
  t.deepEqual(["7", "soon", undefined].map(retryAfterMs), [7_000, null, null]);
});

test("a certificate that is not accepted is not asked for again", (t) => {
  t.is(nextWaitMs({ status: null, code: "DEPTH_ZERO_SELF_SIGNED_CERT", retryAfterMs: null }, first, 0.5), null);
});

test("a Status is read, and what is none is quoted", (t) => {
  const status = statusOf(404, '{"kind":"Status","reason":"NotFound","message":"pods \\"x\\" not found","code":404}');
  t.deepEqual(status, { code: 404, reason: "NotFound", message: 'pods "x" not found' });
  t.deepEqual(statusOf(502, "Bad Gateway\n"), { code: 502, reason: "", message: "Bad Gateway" });
  t.deepEqual(statusOf(500, ""), { code: 500, reason: "", message: "no words" });
  t.is(
    new ApiRefusal("Pod x could not be read", status).message,
    'Pod x could not be read: pods "x" not found (HTTP 404)',
  );
});

test("what helps against a refusal", (t) => {
  const remedy = (code: number, message: string) => remedyOf({ code, reason: "", message }, "perf") ?? "";
  t.regex(remedy(401, "Unauthorized"), /log in again/);
  t.regex(remedy(403, 'pods is forbidden: User "x" cannot list resource "pods"'), /apply -f clusters\/rbac\.yaml/);
  const passedOn = 'roles "x" is forbidden: user "y" is attempting to grant RBAC permissions not currently held:';
  t.regex(remedy(403, passedOn), /apply -f clusters\/rbac\.yaml/);
  t.is(remedy(403, "exceeded quota"), "");
  t.is(
    remedy(404, 'namespaces "perf" not found'),
    "kubectl create namespace perf, or `create: true` in the cluster file",
  );
  t.is(remedy(404, 'pods "x" not found'), "");
});

test("warnings are read from a header that has several", (t) => {
  const warning = `299 - "would violate PodSecurity \\"restricted:latest\\": privileged", 299 - "unknown field"`;
  t.deepEqual(warningsOf({ headers: { warning } }), [
    'would violate PodSecurity "restricted:latest": privileged',
    "unknown field",
  ]);
  t.deepEqual(warningsOf({ headers: {} }), []);
});

test("names are escaped in a path", (t) => {
  t.is(pathOf("Pod", "perf", "a/../b", "log"), "/api/v1/namespaces/perf/pods/a%2F..%2Fb/log");
  t.is(pathOf("Node", "perf", "one-node"), "/api/v1/nodes/one-node");
  t.is(pathOf("Lease", "perf"), "/apis/coordination.k8s.io/v1/namespaces/perf/leases");
});

test("lines are the same wherever their stream is cut into chunks", async (t) => {
  const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => !text.includes("\n")));
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), async (lines, size) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      t.deepEqual(await linesOf(chunks, 1_000), lines);
    }),
  );
});

test("a line without end is given, a long one is cut", async (t) => {
  t.deepEqual(await linesOf([Buffer.from("one\ntw"), Buffer.from("o")], 100), ["one", "two"]);
  t.deepEqual(await linesOf([Buffer.from("abcdefgh"), Buffer.from("ij\nk\n")], 4), ["abcd [cut]", "k"]);
});

test("a node's facts", (t) => {
  const labels = { "node.kubernetes.io/instance-type": "m7g.large", pool: "perf" };
  const nodeInfo = {
    architecture: "arm64",
    bootID: "",
    kubeProxyVersion: "",
    machineID: "",
    operatingSystem: "linux",
    systemUUID: "",
    kernelVersion: "6.12.1",
    osImage: "AL2023",
    containerRuntimeVersion: "containerd://2.0",
    kubeletVersion: "v1.34.3",
  };
  t.deepEqual(recordedNode({ metadata: { name: "a", labels }, status: { capacity: { cpu: "1930m" }, nodeInfo } }), {
    name: "a",
    instanceType: "m7g.large",
    kernel: "6.12.1",
    osImage: "AL2023",
    containerRuntime: "containerd://2.0",
    kubelet: "v1.34.3",
    cpus: 1,
    labels,
  });
  t.is(recordedNode({}).instanceType, null);
});

async function linesOf(chunks: Buffer[], longest: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks), longest)) lines.push(line);
  return lines;
}
