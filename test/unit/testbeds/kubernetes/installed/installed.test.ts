import type { V1ServiceSpec } from "@kubernetes/client-node";
import test from "ava";
import { CapabilityError, InputError } from "../../../../../harness/core/errors.ts";
import type { ClusterApi } from "../../../../../harness/testbeds/kubernetes/api/cluster-api.ts";
import type { Pod } from "../../../../../harness/testbeds/kubernetes/api/kinds.ts";
import {
  findInstalled,
  podPortOf,
  problemOf,
} from "../../../../../harness/testbeds/kubernetes/installed/find-installed.ts";
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

/** An API with one Service and its pods: of them one is not ready, one is going. */
function apiOf(spec: V1ServiceSpec): ClusterApi {
  const pod = (name: string, podIP: string, ready: string, more = {}) => ({
    metadata: { name, namespace: "shop", ...more },
    status: { phase: "Running", podIP, conditions: [{ type: "Ready", status: ready }] },
  });
  const pods = [
    pod("web-b", "10.1.0.2", "True"),
    pod("web-a", "10.1.0.1", "True"),
    pod("web-c", "10.1.0.3", "False"),
    pod("web-d", "10.1.0.4", "True", { deletionTimestamp: "2026-11-29T15:00:00Z" }),
  ];
  const get = async (_: string, name: string) => (name === "web" ? service(spec) : null);
  const list = async (_: string, { labels }: { labels: string }) => (labels === "app=web" ? pods : []);
  return { get, list } as unknown as ClusterApi;
}

const wanted = { service: { name: "web", namespace: "shop" }, port: 80 };

test("the load goes to the Service's own address, of a headless one to each pod's; those that serve are watched", async (t) => {
  const ports = [{ port: 80, targetPort: 8080 }];
  const behind = await findInstalled(apiOf({ clusterIP: "10.96.0.7", selector, ports }), wanted);
  t.deepEqual(behind.addresses, ["10.96.0.7"]);
  t.deepEqual(
    behind.pods.map(({ metadata }) => metadata?.name),
    ["web-a", "web-b"],
  );
  t.is(behind.podPort, 8080);
  const headless = await findInstalled(apiOf({ clusterIP: "None", selector, ports }), wanted);
  t.deepEqual(headless.addresses, ["10.1.0.1", "10.1.0.2"]);
});

test("what is not there, or serves nowhere, is told with how to look", async (t) => {
  const there = apiOf({ clusterIP: "10.96.0.7", selector, ports: [{ port: 80 }] });
  const other = { ...wanted, service: { name: "wep", namespace: "shop" } };
  await t.throwsAsync(findInstalled(there, other), {
    instanceOf: InputError,
    message: "no Service wep in namespace shop",
  });
  await t.throwsAsync(findInstalled(there, { ...wanted, port: 81 }), {
    message: "Service shop/web has no port 81, but 80",
  });
  const nobody = apiOf({ clusterIP: "10.96.0.7", selector: { app: "none" }, ports: [{ port: 80 }] });
  await t.throwsAsync(findInstalled(nobody, wanted), {
    instanceOf: CapabilityError,
    message: /^no pod of Service shop\/web is ready$/,
  });
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
