/** What is told of a suite before the cluster is asked for anything. */
import test from "ava";
import { InputError } from "../../../../harness/core/errors.ts";
import { k6 } from "../../../../harness/engines/k6/k6.ts";
import type { Cluster } from "../../../../harness/suite/cluster.ts";
import type { Profile, Suite } from "../../../../harness/suite/suite.ts";
import { readManifest } from "../../../../harness/testbeds/kubernetes/manifest/read-manifest.ts";
import type { PartSources } from "../../../../harness/testbeds/kubernetes/part-sources.ts";
import { checkAsked, nodeLabels } from "../../../../harness/testbeds/kubernetes/preflight.ts";
import { echoPart, profileOf, suiteOf } from "../../../helpers/suites.ts";

const key = { "net.core.somaxconn": "4096" };

const cluster: Cluster = {
  name: "tests",
  file: "/clusters/tests/cluster.yaml",
  kubeconfig: null,
  context: null,
  namespace: "tests",
  create: false,
  route: "pod-sysctls",
  nodeSelector: {},
  tolerations: [],
  images: { node: "node", k6: "k6", locust: "locust" },
  imagePullPolicy: "IfNotPresent",
  runners: 1,
  observeNode: false,
  shareProcessNamespace: false,
  runnerCpu: "250m",
  timeouts: { scheduleMs: 1000, startMs: 1000, requestMs: 1000 },
};

function check(
  suite: Suite,
  profiles: Profile[],
  changes: Partial<Cluster> = {},
  { allowNodeChanges = true, sources = {} }: { allowNodeChanges?: boolean; sources?: PartSources } = {},
): void {
  checkAsked({ engine: k6, suite, profiles, sources, allowNodeChanges, log: () => {} }, { ...cluster, ...changes });
}

function suiteWith(target: Partial<Suite["target"]>, upstreams: Suite["upstreams"] = {}): Suite {
  const kubernetes = { manifest: null, workload: null, image: "echo", container: null, command: null, files: [] };
  return suiteOf({ target: echoPart({ command: [], kubernetes, ...target }), upstreams });
}

test("an upstream's settings never go to a node: the route node is for the target alone", (t) => {
  const db = echoPart({ command: [], kubernetes: suiteWith({}).target.kubernetes, sysctls: key });
  const profiles = [profileOf({ sysctls: key, route: "pod-sysctls" })];
  t.notThrows(() => check(suiteWith({}, { db }), profiles));
  t.throws(() => check(suiteWith({}, { db }), profiles, { route: "node" }), {
    instanceOf: InputError,
    message: /upstreams\.db: its settings go by the cluster file's route, and node is for the target alone/,
  });
});

test("a node is changed only where that was allowed, and then all profiles run on such nodes", (t) => {
  const profiles = [profileOf(), profileOf({ name: "tuned", route: "node", sysctls: key })];
  t.throws(() => check(suiteWith({}), profiles, {}, { allowNodeChanges: false }), {
    message: /profile tuned would change settings of a node/,
  });
  t.notThrows(() => check(suiteWith({}), profiles));
  t.deepEqual(nodeLabels(suiteWith({}), profiles, cluster), { "tunebench.dev/allow-node-changes": "true" });
  t.deepEqual(nodeLabels(suiteWith({}), [profileOf()], cluster), {});
});

test("a manifest that shares the node's network takes no settings by an init container: told before the first trial", (t) => {
  const text = [
    "kind: Pod",
    "spec:",
    "  hostNetwork: true",
    "  hostPID: true",
    "  containers: [{ name: app, image: app }]",
  ];
  const manifest = readManifest("app.yaml", ["apiVersion: v1", "metadata: { name: app }", ...text].join("\n"));
  const sources = { target: { manifest, files: {} } };
  const init = profileOf({ name: "init", route: "privileged-init", sysctls: key });
  t.notThrows(() => check(suiteWith({}), [profileOf({ route: "privileged-init" })], {}, { sources }));
  t.throws(() => check(suiteWith({}), [profileOf(), init], {}, { sources }), {
    instanceOf: InputError,
    message: /profile init: the manifest has hostNetwork: true/,
  });
});
