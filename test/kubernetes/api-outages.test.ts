/** An API server that is away, cut or silent, through a proxy of each test's own; and what is told where it says no. */
import { EventEmitter, once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { parse, stringify } from "yaml";
import { IncompleteError } from "../../harness/core/errors.ts";
import { openScope } from "../../harness/core/scope.ts";
import { untilReady, watchEnd } from "../../harness/testbeds/kubernetes/api/await-pod.ts";
import type { ClusterApi } from "../../harness/testbeds/kubernetes/api/cluster-api.ts";
import { connect } from "../../harness/testbeds/kubernetes/api/connect.ts";
import { createPod } from "../../harness/testbeds/kubernetes/api/create-pod.ts";
import { openLog, readLog } from "../../harness/testbeds/kubernetes/api/log.ts";
import { openRun } from "../../harness/testbeds/kubernetes/api/own-run.ts";
import { ApiRefusal } from "../../harness/testbeds/kubernetes/api/refusal.ts";
import { CredentialsMissing, Unreachable } from "../../harness/testbeds/kubernetes/api/unreachable.ts";
import { type ApiWorld, openApiWorld, podOf, shell } from "../helpers/api-world.ts";
import { testsAtOnce } from "../helpers/at-once.ts";
import { type ClusterProxy, openClusterProxy } from "../helpers/cluster-proxy.ts";
import { closed } from "../helpers/suites.ts";

const needed = ["root", "one-node"] as const;
const patience = { timeouts: { scheduleMs: 60_000, startMs: 90_000 }, ownMs: 60_000 };
const forever = new AbortController().signal;
const testAtOnce = testsAtOnce(6);

let world: ApiWorld;

test.before(async (t) => {
  t.timeout(20 * 60_000, "Kubernetes is built the first time");
  world = await openApiWorld();
});

test.after.always(async () => {
  await world?.close();
});

interface ByProxy {
  proxy: ClusterProxy;
  api: ClusterApi;
  /** Resolves when the next of the API's streams, such as a watch, is open. */
  nextStream(): Promise<unknown>;
}

/** A proxy that goes with the test, and the API by it. */
async function throughProxy(t: ExecutionContext): Promise<ByProxy> {
  const { context, kubeconfig } = world.own;
  const folder = await mkdtemp(join(world.folder, "proxy-"));
  const proxy = await openClusterProxy({ kubeconfig: kubeconfig ?? usersKubeconfig(), context, folder });
  t.teardown(() => proxy.close());
  const api = await connect({ ...world.cluster, kubeconfig: proxy.kubeconfig });
  const opened = new EventEmitter();
  const open: ClusterApi["open"] = async (...request) => {
    const stream = await api.open(...request);
    opened.emit("stream");
    return stream;
  };
  return { proxy, api: withOpen(api, open), nextStream: () => once(opened, "stream") };
}

function withOpen(api: ClusterApi, open: ClusterApi["open"]): ClusterApi {
  return new Proxy(api, {
    get(target, key) {
      const found: unknown = key === "open" ? open : Reflect.get(target, key);
      return typeof found === "function" ? found.bind(target) : found;
    },
  });
}

testAtOnce([...needed], "calls and a run's Lease outlast an API server that is away for 15 s", async (t) => {
  const { proxy, api } = await throughProxy(t);
  t.timeout(10 * 60_000);
  const scope = openScope();
  const run = await openRun({ api, cluster: world.cluster, runName: "tb-restart", data: {}, scope });
  await api.create(configMap("before"));
  await proxy.close();
  const calls = [
    api.create(configMap("meanwhile")),
    api.get("ConfigMap", "before"),
    api.list("ConfigMap", { labels: "tests=outage" }),
    api.patch("ConfigMap", "before", { data: { changed: "yes" } }),
  ];
  await wait(15_000);
  await proxy.open();
  const renewed = (await world.api.get("Lease", "tb-restart"))?.spec?.renewTime;
  await Promise.all(calls);
  while ((await world.api.get("Lease", "tb-restart"))?.spec?.renewTime === renewed) await wait(200);
  t.is(await Promise.race([run.lost, Promise.resolve("not lost")]), "not lost");
  t.deepEqual((await world.api.get("ConfigMap", "before"))?.data, { changed: "yes" });
  t.truthy(await world.api.get("ConfigMap", "meanwhile"));
  await Promise.all(["before", "meanwhile", "never"].map((name) => api.remove("ConfigMap", name)));
  t.is(await world.api.get("ConfigMap", "meanwhile"), null);
  await closed(scope);
});

testAtOnce([...needed], "an object whose answer was lost is ours when it is asked for again", async (t) => {
  const { proxy, api } = await throughProxy(t);
  await api.version();
  proxy.hold();
  const created = api.create(configMap("unheard"));
  await world.kubectl(["wait", "--for=create", "configmap/unheard", "--timeout=20s"]);
  proxy.cut();
  const { metadata } = (await created) as { metadata: { uid?: string } };
  t.is(metadata.uid, (await world.api.get("ConfigMap", "unheard"))?.metadata?.uid);
  const again = await t.throwsAsync(api.create(configMap("unheard")), { instanceOf: ApiRefusal });
  t.is(again?.reason, "AlreadyExists", "what was there before is not taken for ours");
});

testAtOnce([...needed], "an end that falls into a cut watch is not lost", async (t) => {
  const { proxy, api, nextStream } = await throughProxy(t);
  t.timeout(10 * 60_000);
  const command = shell("sleep 5; exit 7");
  await createPod(api, podOf(world, "ends-unseen", { container: { command } }));
  await untilReady(api, "ends-unseen", patience);
  const end = watchEnd(api, "ends-unseen", "main", forever);
  await nextStream();
  await proxy.close();
  await world.kubectl(["wait", "--for=jsonpath={.status.phase}=Failed", "pod/ends-unseen", "--timeout=60s"]);
  await proxy.open();
  t.like(await end, { exitCode: 7, signal: null, reason: "Error" });
});

testAtOnce([...needed], "a pod that is deleted while the watch is cut has ended", async (t) => {
  const { proxy, api, nextStream } = await throughProxy(t);
  t.timeout(10 * 60_000);
  await createPod(api, podOf(world, "deleted-unseen"));
  await untilReady(api, "deleted-unseen", patience);
  const end = watchEnd(api, "deleted-unseen", "main", forever);
  await nextStream();
  await proxy.close();
  await world.kubectl(["delete", "pod", "deleted-unseen"]);
  await proxy.open();
  t.truthy(await end);
});

testAtOnce([...needed], "a watch goes on after cuts, again and again", async (t) => {
  const { proxy, api, nextStream } = await throughProxy(t);
  const command = shell("trap 'exit 5' TERM; while true; do sleep 0.1; done");
  await createPod(api, podOf(world, "cut-often", { container: { command } }));
  await untilReady(api, "cut-often", patience);
  const end = watchEnd(api, "cut-often", "main", forever);
  for (let cuts = 0; cuts < 3; cuts++) {
    await nextStream();
    proxy.cut();
  }
  await world.kubectl(["delete", "pod", "cut-often", "--wait=false"]);
  t.like(await end, { exitCode: 5 });
});

testAtOnce([...needed], "a log comes in whole lines to its end; a cut is told", async (t) => {
  const { proxy, api } = await throughProxy(t);
  const lines = "node -e 'process.stdout.write(\"x\".repeat(100000) + \"\\n\")'; printf 'ä\\nlast'";
  await createPod(api, podOf(world, "talks", { container: { command: shell(`${lines}; sleep 2`) } }));
  await untilReady(api, "talks", patience);
  const seen: string[] = [];
  for await (const line of openLog(api, { pod: "talks", container: "main", signal: forever })) seen.push(line);
  t.deepEqual(seen, ["x".repeat(100_000), "ä", "last"]);
  t.deepEqual(await readLog(api, { pod: "talks", container: "main", tailLines: 2 }), ["ä", "last"]);

  await createPod(api, podOf(world, "goes-on", { container: { command: shell("echo first; sleep 600") } }));
  await untilReady(api, "goes-on", patience);
  const log = openLog(api, { pod: "goes-on", container: "main", signal: forever });
  t.is((await log.next()).value, "first");
  proxy.cut();
  const cut = await t.throwsAsync(log.next(), { instanceOf: IncompleteError });
  t.regex(cut?.message ?? "", /^the log of main in goes-on was cut \(ECONNRESET\)$/);
});

testAtOnce(
  [...needed],
  "a run whose Lease can't be renewed is told so after 25 s, and is taken down afterwards",
  async (t) => {
    const { proxy, api } = await throughProxy(t);
    t.timeout(10 * 60_000);
    const scope = openScope();
    const { cluster } = world;
    const run = await openRun({ api, cluster, runName: "tb-silent", data: { suite: "tests" }, scope });
    await proxy.close();
    t.regex(await run.lost, /could not be told for 25 s/);
    const away = closed(scope);
    await proxy.open();
    await away;
    t.is(await world.api.get("ConfigMap", "tb-silent"), null);
  },
);

testAtOnce([...needed], "a Lease that another hand deletes is told at once", async (t) => {
  const { api } = world;
  t.timeout(10 * 60_000);
  const scope = openScope();
  const run = await openRun({ api, cluster: world.cluster, runName: "tb-deleted", data: {}, scope });
  await run.say({ "tunebench.dev/stop": "003" });
  const lease = await world.api.get("Lease", "tb-deleted");
  t.is(lease?.metadata?.annotations?.["tunebench.dev/stop"], "003");
  await world.kubectl(["delete", "configmap", "tb-deleted"]);
  t.regex(await run.lost, /deleted by another hand/);
  await closed(scope);
});

testAtOnce([...needed], "a server that is away, silent, or another one, is told at once and in words", async (t) => {
  const { proxy } = await throughProxy(t);
  const cluster = { ...world.cluster, kubeconfig: proxy.kubeconfig };
  proxy.hold();
  const timeouts = { ...cluster.timeouts, requestMs: 500 };
  const silent = await t.throwsAsync(connect({ ...cluster, timeouts }), { instanceOf: Unreachable });
  t.regex(silent?.message ?? "", /^the API server at 127\.0\.0\.1:\d+ did not answer within 0\.5 s$/);
  await proxy.close();
  const away = await t.throwsAsync(connect(cluster), { instanceOf: Unreachable });
  t.regex(away?.message ?? "", /refused the connection \(ECONNREFUSED\)$/);
  t.regex(away?.hint ?? "", /kubectl --context \S+ version/);
  await proxy.open();
  const kubeconfig = changedKubeconfig(proxy, "stranger", ({ clusters }) => {
    for (const { cluster: each } of clusters) each["tls-server-name"] = "another.example";
  });
  const stranger = await t.throwsAsync(connect({ ...cluster, kubeconfig }), { instanceOf: Unreachable });
  t.regex(stranger?.message ?? "", /the certificate of the API server at \S+ is not accepted: .*another\.example/);
});

testAtOnce([...needed], "credentials that are refused or can't be had: the remedy, and no token", async (t) => {
  const { proxy } = await throughProxy(t);
  const token = "a-token-that-nobody-must-read";
  const kubeconfig = changedKubeconfig(proxy, "wrong", ({ users }) => {
    for (const each of users) each.user = { token };
  });
  const wrong = await t.throwsAsync(connect({ ...world.cluster, kubeconfig }), { instanceOf: ApiRefusal });
  t.is(wrong?.code, 401);
  t.false(`${wrong?.stack}${JSON.stringify(wrong)}`.includes(token));

  const plugin = (command: string, args: string[]) =>
    changedKubeconfig(proxy, "plugin", ({ users }) => {
      for (const each of users) each.user = { exec: { apiVersion: "client.authentication.k8s.io/v1", command, args } };
    });
  const connecting = (file: string) => connect({ ...world.cluster, kubeconfig: file });
  const missing = await t.throwsAsync(connecting(plugin("aws-that-is-not-there", [])), {
    instanceOf: CredentialsMissing,
  });
  t.regex(missing?.message ?? "", /credential plugin aws-that-is-not-there is not installed/);
  const angry = await t.throwsAsync(connecting(plugin("sh", ["-c", "echo 'session expired' >&2; exit 1"])));
  t.regex(angry?.message ?? "", /session expired/);
  const loose = await t.throwsAsync(connecting(plugin("echo", [token])), { instanceOf: CredentialsMissing });
  t.false(`${loose?.stack}${JSON.stringify(loose)}`.includes(token));
});

testAtOnce(
  [...needed],
  "rights that are missing: verb, resource, namespace, and the file that gives them",
  async (t) => {
    const { proxy } = await throughProxy(t);
    await world.kubectl(["create", "serviceaccount", "nobody"]);
    const token = (await world.kubectl(["create", "token", "nobody"])).trim();
    const kubeconfig = changedKubeconfig(proxy, "nobody", ({ users }) => {
      for (const each of users) each.user = { token };
    });
    const nobody = await connect({ ...world.cluster, kubeconfig });
    const refused = await t.throwsAsync(nobody.list("Pod"), { instanceOf: ApiRefusal });
    t.regex(refused?.message ?? "", /cannot list resource "pods" in API group "" in the namespace "tunebench-test-/);
    t.regex(refused?.hint ?? "", /kubectl apply -f clusters\/rbac\.yaml/);
    t.false(`${refused?.stack}${JSON.stringify(refused)}`.includes(token));
  },
);

interface Kubeconfig {
  clusters: { cluster: Record<string, unknown> }[];
  users: { user: Record<string, unknown> }[];
}

/** A proxy's kubeconfig with a change. */
function changedKubeconfig(proxy: ClusterProxy, name: string, change: (kubeconfig: Kubeconfig) => void): string {
  const kubeconfig: Kubeconfig = parse(readFileSync(proxy.kubeconfig, "utf8"));
  change(kubeconfig);
  const file = join(world.folder, name);
  writeFileSync(file, stringify(kubeconfig));
  return file;
}

function usersKubeconfig(): string {
  return process.env.KUBECONFIG ?? join(process.env.HOME ?? "", ".kube/config");
}

function configMap(name: string) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels: { tests: "outage" } } };
}
