/** What a run makes, held against a real API server and its Pod Security, and run where only running shows it. */
import { setTimeout as wait } from "node:timers/promises";
import { type KubernetesObject, V1MicroTime, type V1Pod } from "@kubernetes/client-node";
import test from "ava";
import { untilEnded, untilRunning } from "../../harness/testbeds/kubernetes/api/await-pod.ts";
import { createPod } from "../../harness/testbeds/kubernetes/api/create-pod.ts";
import { nodeObserverPod } from "../../harness/testbeds/kubernetes/objects/node-observer.ts";
import { nodeSettingsPod } from "../../harness/testbeds/kubernetes/objects/node-settings.ts";
import { leaseObject, ownerObject } from "../../harness/testbeds/kubernetes/objects/owner.ts";
import { partObjects } from "../../harness/testbeds/kubernetes/objects/part.ts";
import type { PartSpec } from "../../harness/testbeds/kubernetes/objects/part-spec.ts";
import { relayObjects } from "../../harness/testbeds/kubernetes/objects/relay.ts";
import type { TrialObjects } from "../../harness/testbeds/kubernetes/objects/run-objects.ts";
import { runnersObjects } from "../../harness/testbeds/kubernetes/objects/runners.ts";
import { routeRefusal } from "../../harness/testbeds/kubernetes/routes/refusals.ts";
import { applyRoute, type ProbedRoute, routes } from "../../harness/testbeds/kubernetes/routes/routes.ts";
import { type ApiWorld, openApiWorld } from "../helpers/api-world.ts";
import { testsAtOnce } from "../helpers/at-once.ts";
import { partFromFiles, partFromManifest, runnersSpec } from "../helpers/cluster-objects.ts";
import { linesOf } from "../helpers/cluster-runs.ts";
import { openObjects } from "../helpers/opened-objects.ts";

const needed = ["root", "one-node"] as const;
const patience = { timeouts: { scheduleMs: 30_000, startMs: 90_000 }, ownMs: 30_000 };
/** Any Pod Security level takes it. */
const safe = { "net.ipv4.ip_local_port_range": "1024 65535" };

const testAtOnce = testsAtOnce(4);

let world: ApiWorld;
let restrictedNamespace: string;
let trial: TrialObjects;

test.before(async (t) => {
  t.timeout(20 * 60_000, "Kubernetes is built the first time");
  world = await openApiWorld();
  restrictedNamespace = `${world.own.namespace}-restricted`;
  await world.own.kubectl(["create", "namespace", restrictedNamespace]);
  const label = "pod-security.kubernetes.io/enforce=restricted";
  await world.own.kubectl(["label", "namespace", restrictedNamespace, label]);
  trial = await openObjects(world, "tb-20261121t080225z-0001");
});

test.after.always(async () => {
  await world?.own.kubectl(["delete", "namespace", restrictedNamespace, "--ignore-not-found", "--wait=false"]);
  await world?.close();
});

testAtOnce([...needed], "the API server takes every object as it is, without a warning", async (t) => {
  const objects = everyObject();
  t.deepEqual(await dryRun(objects), { taken: objects.length, refused: [] });
  t.is(objects.length, 18);
});

function everyObject(): KubernetesObject[] {
  const settings = { namespace: trial.namespace, run: trial.runName, silenceMs: 30_000 };
  const relay = relayObjects({ run: trial, deadlineSeconds: 600, settings, secret: "s" });
  const files = partObjects(partFromFiles({ trial }));
  const shop = partObjects(withoutAppArmor(partFromManifest({ trial })));
  const runners = runnersObjects(runnersSpec({ trial }));
  const lease = { holder: "tests", renewTime: new V1MicroTime(), durationSeconds: 30 };
  return [
    ownerObject({ ...trial, runName: `${trial.runName}-2` }, {}),
    leaseObject(trial, lease),
    ...[...relay.others, withDefaultAccount(relay.pod)],
    ...[...files.others, files.pod],
    ...[...shop.others, shop.pod],
    ...[...runners.others, runners.job],
    nodeObserverPod(trial, "one-node", { role: "node", keys: [], listenPort: null, looks: "node" }),
    nodeSettingsPod(trial, "one-node", { "net.core.somaxconn": "8192" }),
  ];
}

/** Its account is made before it, which no dry run does. */
function withDefaultAccount(pod: V1Pod): V1Pod {
  return { ...pod, spec: { containers: [], ...pod.spec, serviceAccountName: "default" } };
}

/** The API server warns of that old annotation. */
function withoutAppArmor(part: PartSpec): PartSpec {
  return part.manifest === null ? part : { ...part, manifest: { ...part.manifest, annotations: {} } };
}

/** How many of these objects the API server would take into a namespace, and its words to the others: all by one kubectl, which goes on after a refusal. */
async function dryRun(
  objects: KubernetesObject[],
  namespace = trial.namespace,
): Promise<{ taken: number; refused: string[] }> {
  const items = objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace } }));
  const flags = ["--dry-run=server", "--validate=strict", "--warnings-as-errors"];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const { stdout, stderr } = await world.own.kubectl(["create", ...flags, "--filename", "-"], list).then(
    (stdout) => ({ stdout, stderr: "" }),
    (error: { stdout: string; stderr: string }) => error,
  );
  return { taken: stdout.match(/\(server dry run\)$/gm)?.length ?? 0, refused: linesOf(stderr) };
}

testAtOnce([...needed], "pods of our own are taken at Pod Security level restricted", async (t) => {
  const { job } = runnersObjects(runnersSpec({ trial }));
  const runner: V1Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...job.spec?.template.metadata, name: "runner" },
    ...(job.spec?.template.spec === undefined ? {} : { spec: job.spec.template.spec }),
  };
  const settings = { namespace: trial.namespace, run: trial.runName, silenceMs: 30_000 };
  const relay = relayObjects({ run: trial, deadlineSeconds: 600, settings, secret: "s" });
  const pods = [runner, withDefaultAccount(relay.pod), partObjects(partFromFiles({ trial })).pod];
  t.deepEqual(await dryRun(pods, restrictedNamespace), { taken: pods.length, refused: [] });
});

testAtOnce([...needed], "each route's pods are for the Pod Security level that it says", async (t) => {
  const { pod } = partObjects(partFromFiles({ trial }));
  const context = { trial, node: "one-node", hasNetworkAttachments: false };
  const objects = (Object.keys(routes) as ProbedRoute[]).flatMap((route) => {
    const routed = applyRoute(route, pod, safe, context);
    return [...routed.others, routed.pod].map((object, index) => ({ route, object, name: `${route}-${index}` }));
  });
  const named = objects.map(({ object, name }) => ({ ...object, metadata: { ...object.metadata, name } }));
  const { taken, refused } = await dryRun(named, restrictedNamespace);
  t.is(taken + refused.length, objects.length, refused.join("\n"));
  for (const route of Object.keys(routes) as ProbedRoute[]) {
    const own = objects.filter((one) => one.route === route).map(({ name }) => `"${name}"`);
    const words = refused.filter((line) => own.some((name) => line.includes(name)));
    t.is(words.length > 0, routes[route].podSecurity !== "restricted", `${route}: ${words}`);
    for (const said of words) t.notRegex(routeRefusal(route, said).reason, /refused what the route/);
  }
});

testAtOnce([...needed], "what a namespace and the API server say of settings is understood", async (t) => {
  const { pod } = partObjects(partFromFiles({ trial }));
  const context = { trial, node: "one-node", hasNetworkAttachments: false };
  const unsafe = applyRoute("pod-sysctls", pod, { "net.core.somaxconn": "8192" }, context).pod;
  const said = routeRefusal("pod-sysctls", await refusal(unsafe, restrictedNamespace));
  t.regex(said.reason, /Pod Security level forbids these keys, whatever the node's kubelet allows/);
  const onHost = applyRoute("host-network", pod, safe, context).pod;
  const words = await refusal(onHost, trial.namespace);
  t.regex(routeRefusal("host-network", words).reason, /no network namespace of its own/);
});

async function refusal(pod: V1Pod, namespace: string): Promise<string> {
  return (await dryRun([pod], namespace)).refused.join("\n");
}

testAtOnce([...needed], "the relay's account may end its own run and nothing else", async (t) => {
  // Of a run of its own: another test asks whether such objects could be made.
  const run = await openObjects(world, "tb-20261121t080225z-0002");
  const settings = { namespace: run.namespace, run: run.runName, silenceMs: 30_000 };
  const { others: relay } = relayObjects({ run, deadlineSeconds: 600, settings, secret: "s" });
  for (const object of relay) await world.api.create(object);
  const account = `system:serviceaccount:${run.namespace}:${run.runName}-relay`;
  const leases = { group: "coordination.k8s.io", resource: "leases" };
  const configMaps = { group: "", resource: "configmaps" };
  const its = [
    { ...configMaps, verb: "delete", name: run.runName },
    { ...leases, verb: "watch", name: run.runName },
  ];
  const others = [
    { ...configMaps, verb: "delete", name: "another" },
    { ...configMaps, verb: "delete" },
    ...[configMaps, leases, { resource: "pods" }, { resource: "secrets" }].map((what) => ({ ...what, verb: "get" })),
  ];
  // The authorizer hears of a binding in a moment.
  while ((await mayOf(account, its)).includes("false")) await wait(200);
  t.deepEqual(await mayOf(account, [...its, ...others]), [...its.map(() => "true"), ...others.map(() => "false")]);
});

/** Whether an account may do each of these in the trial's namespace, as the API server's authorizer says: "true" or "false". */
async function mayOf(user: string, asked: { verb: string; resource: string }[]): Promise<string[]> {
  const items = asked.map((what) => ({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { user, resourceAttributes: { namespace: trial.namespace, ...what } },
  }));
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const told = ["--output=jsonpath={.status.allowed}{'\\n'}"];
  return linesOf(await world.own.kubectl(["create", "--filename", "-", ...told], list));
}

const reader = `
import { rows } from "./lib/rows.ts";
console.log(JSON.stringify([rows, process.argv.slice(2), process.env.TEMPLATE, process.getuid(), process.cwd()]));
`;

testAtOnce([...needed], "files, arguments and variables reach a part as they are in the suite", async (t) => {
  const { part, files } = partFromFiles();
  const ready = { check: { kind: "log", text: "[" }, withinMs: 1000 } as const;
  const { pod, others } = partObjects(
    partFromFiles({
      // Of a trial of its own, as the next test's: another asks meanwhile whether the third's could be made.
      trial: { ...trial, sequence: 5 },
      node: null,
      part: { ...part, ready },
      files: { ...files, "target.ts": Buffer.from(reader) },
    }),
  );
  for (const object of others) await world.api.create(object);
  await createPod(world.api, pod);
  const name = pod.metadata?.name ?? "";
  await untilEnded(world.api, name, "main", patience);
  const said = JSON.parse(await world.kubectl(["logs", name, "--container", "main"]));
  t.deepEqual(said, [3, ["--price=$5"], "$(HOME)/$$/$name", 1000, "/tunebench/suite"]);
});

testAtOnce(
  [...needed],
  "a manifest's pod finds its ConfigMaps under their new names, and its Service finds it",
  async (t) => {
    const own = { ...trial, sequence: 4 };
    const { part, manifest } = partFromManifest();
    if (manifest === null) return t.fail();
    const [, web] = manifest.spec.containers;
    if (web === undefined) return t.fail();
    const { affinity, ...spec } = manifest.spec;
    const show =
      "console.log(require('fs').readFileSync('/all/greeting', 'utf8'), process.env.greeting, process.env.LEVEL, process.env.URL);" +
      "require('net').createServer().listen(8080)";
    const { pod, others } = partObjects({
      ...partFromManifest({ trial: own, node: null, part }),
      manifest: { ...manifest, annotations: {}, spec: { ...spec, containers: [web] } },
      profile: { image: world.cluster.images.node, command: ["node", "--eval", show], nodeSelector: {} },
    });
    for (const object of others) await world.api.create(object);
    await createPod(world.api, pod);
    const { address, name } = await untilRunning(world.api, pod.metadata?.name ?? "", patience);
    t.is(await world.kubectl(["logs", name, "--container", "web"]), "hello hello info http://8080");
    const service = others.find(({ kind }) => kind === "Service")?.metadata?.name ?? "";
    await world.kubectl([
      "wait",
      `endpoints/${service}`,
      "--for=jsonpath={.subsets[0].addresses[0].ip}",
      "--timeout=30s",
    ]);
    const addresses = await world.kubectl([
      "get",
      `endpoints/${service}`,
      "--output=jsonpath={.subsets[*].addresses[*].ip}",
    ]);
    t.is(addresses, address);
  },
);
