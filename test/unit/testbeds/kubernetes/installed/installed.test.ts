import type { V1ServiceSpec } from "@kubernetes/client-node";
import test from "ava";
import type { Pod } from "../../../../../harness/testbeds/kubernetes/api/kinds.ts";
import { podPortOf, problemOf } from "../../../../../harness/testbeds/kubernetes/installed/find-installed.ts";
import { endOfProgram } from "../../../../../harness/testbeds/kubernetes/installed/watch-installed.ts";

const selector = { app: "web" };
const service = (spec: V1ServiceSpec) => ({ metadata: { name: "web", namespace: "shop" }, spec });

test("a Service is a target where its pods are known and it has the port", (t) => {
  t.is(problemOf(service({ selector, ports: [{ port: 80 }] }), 80), null);
  t.is(problemOf(service({ selector, ports: [{ port: 80 }, { port: 443 }] }), 81), "has no port 81, but 80, 443");
  t.regex(problemOf(service({ ports: [{ port: 80 }] }), 80) ?? "", /no selector/);
  t.regex(problemOf(service({ type: "ExternalName", externalName: "a.example.org", selector }), 80) ?? "", /no pods/);
});

test("where the pods listen: by number, by the name that a container has for it, as it is where nothing maps it", (t) => {
  const pods = [{ spec: { containers: [{ name: "web", ports: [{ name: "http", containerPort: 8080 }] }] } }];
  const port = (spec: V1ServiceSpec) => podPortOf(service({ clusterIP: "10.96.0.7", ...spec }), 80, pods);
  t.is(port({ ports: [{ port: 80, targetPort: 9090 }] }), 9090);
  t.is(port({ ports: [{ port: 80, targetPort: "http" }] }), 8080);
  t.is(port({ ports: [{ port: 80, targetPort: "grpc" }] }), null);
  t.is(port({ ports: [{ port: 80 }] }), 80);
  t.is(port({ clusterIP: "None", ports: [{ port: 80, targetPort: 9090 }] }), 80);
});

test("that the kubelet starts a program again is its end, with the code or the signal of the earlier one", (t) => {
  const pod = (status: object): Pod =>
    ({ status: { containerStatuses: [{ name: "web", restartCount: 0, ...status }] } }) as Pod;
  const ended = (exitCode: number) => ({ terminated: { exitCode } });
  t.is(endOfProgram(pod({ state: { running: {} } }), "web", 0), null);
  t.is(endOfProgram(pod({ restartCount: 2, lastState: ended(1) }), "web", 2), null, "of before");
  t.deepEqual(endOfProgram(pod({ restartCount: 3, lastState: ended(137) }), "web", 2), {
    exitCode: null,
    signal: "SIGKILL",
  });
  t.deepEqual(endOfProgram(pod({ state: ended(3) }), "web", 0), { exitCode: 3, signal: null });
});
