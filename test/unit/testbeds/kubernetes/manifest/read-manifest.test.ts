import { readFileSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { stringify } from "yaml";
import { InputError } from "../../../../../harness/core/errors.ts";
import { readManifest } from "../../../../../harness/testbeds/kubernetes/manifest/read-manifest.ts";
import { shopFile } from "../../../../helpers/cluster-objects.ts";

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p" },
  spec: { containers: [{ name: "c", image: "i:1" }] },
};

test("a StatefulSet with what it needs, some of it in a List", (t) => {
  const manifest = readManifest("shop.yaml", readFileSync(shopFile, "utf8"));
  t.is(manifest.kind, "StatefulSet");
  t.is(manifest.replicas, 3);
  t.deepEqual(manifest.claims, ["data"]);
  t.deepEqual(
    manifest.configMaps.map(({ metadata }) => metadata?.name),
    ["shop"],
  );
  t.deepEqual(
    manifest.services.map(({ metadata }) => metadata?.name),
    ["shop"],
  );
  t.true(manifest.hasDisruptionBudget);
  t.deepEqual(
    manifest.leftOut.map(({ line, text }) => [line, text.split(":")[0]]),
    [
      [20, "PodDisruptionBudget shop is not made"],
      [25, "Ingress shop is not made"],
      [30, "Secret shop-password is not made"],
    ],
  );
});

test("a Service that selects other pods, or none, is not made", (t) => {
  const service = (name: string, spec: object) => ({ apiVersion: "v1", kind: "Service", metadata: { name }, spec });
  const ports = [{ port: 80 }];
  const objects = [
    { ...pod, metadata: { name: "p", labels: { app: "shop", tier: "web" } } },
    service("own", { selector: { app: "shop" }, ports }),
    service("other", { selector: { app: "shop", tier: "db" }, ports }),
    service("by-hand", { ports }),
    service("outside", { type: "ExternalName", externalName: "example.org", selector: { app: "shop" }, ports }),
  ];
  const manifest = readManifest("m.yaml", objects.map((object) => stringify(object)).join("---\n"));
  t.deepEqual(
    manifest.services.map(({ metadata }) => metadata?.name),
    ["own"],
  );
  t.is(manifest.leftOut.filter(({ text }) => text.endsWith("its selector is not this pod's")).length, 3);
});

test("what Helm runs as a hook is left out, and said", (t) => {
  const hook = { ...pod, metadata: { name: "web-service-test", annotations: { "helm.sh/hook": "test-success" } } };
  const migration = { ...hook, kind: "Job", apiVersion: "batch/v1", metadata: { ...hook.metadata, name: "migrate" } };
  const text = [pod, hook, migration].map((object) => stringify(object)).join("---\n");
  const { name, leftOut } = readManifest("m.yaml", text);
  t.is(name, "p");
  t.deepEqual(
    leftOut.map((warning) => warning.text),
    ["Pod web-service-test", "Job migrate"].map(
      (title) => `${title} is not made: Helm runs it as a hook (test-success), it is no part of what serves`,
    ),
  );
});

test("of several workloads the one that is named, with its own Services", (t) => {
  const labelled = (name: string) => ({ ...pod, metadata: { name, labels: { app: name } } });
  const service = (name: string) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  });
  const objects = [labelled("web"), service("web"), labelled("cart"), service("cart")];
  const text = objects.map((object) => stringify(object)).join("---\n");
  const { name, services, leftOut } = readManifest("m.yaml", text, "Pod/cart");
  t.is(name, "cart");
  t.deepEqual(
    services.map(({ metadata }) => metadata?.name),
    ["cart"],
  );
  t.deepEqual(
    leftOut.map((warning) => warning.text),
    [
      "Pod web is not made for this part: another part of the suite may name it",
      "Service web is not made: its selector is not this pod's",
    ],
  );
  t.throws(() => readManifest("m.yaml", text, "Pod/crat"), {
    instanceOf: InputError,
    message: /it has no Pod\/crat, but Pod\/web, Pod\/cart; did you mean "Pod\/cart"\?$/,
  });
});

test("numbers are read as Kubernetes reads them: 0440 is octal; 10:30, a day and e0 are texts", (t) => {
  const text = stringify(pod).replace("image: i:1", "image: i:1\n      args: [10:30, 2026-11-21, e0]");
  const withVolume = `${text}  volumes: [{ name: v, configMap: { name: a, defaultMode: 0440 } }]\n`;
  const { spec } = readManifest("p.yaml", withVolume);
  t.is(spec.volumes?.[0]?.configMap?.defaultMode, 0o440);
  t.deepEqual(spec.containers[0]?.args, ["10:30", "2026-11-21", "e0"]);
});

test("what has nothing behind it is not written", (t) => {
  const { spec, labels } = readManifest("p.yaml", `${stringify(pod)}  volumes:\n  nodeSelector:\n`);
  t.false("volumes" in spec);
  t.false("nodeSelector" in spec);
  t.deepEqual(labels, {});
});

test("lines are those of the file, of the nearest key above where a field is not written", (t) => {
  const { lineOf } = readManifest("shop.yaml", readFileSync(shopFile, "utf8"));
  t.is(lineOf(["spec", "containers", 1, "livenessProbe"]), 97);
  t.is(lineOf(["spec", "containers", 1, "resources"]), lineOf(["spec", "containers", 1]));
});

const refused: [string, string, RegExp][] = [
  ["an empty file", "", /^m\.yaml:1:1: it has no Deployment, StatefulSet, DaemonSet, Pod, but nothing$/],
  [
    "a ConfigMap alone",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}",
    /^m\.yaml:2:1: it has no Deployment.*, but ConfigMap a$/,
  ],
  [
    "two workloads",
    [pod, pod].map((one) => stringify(one)).join("---\n"),
    /^m\.yaml:11:1: it has several workloads \(Pod p, Pod p\): say which by manifest: \{file: m\.yaml, workload: Pod\/p\}$/,
  ],
  [
    "a Deployment of another group",
    "apiVersion: example.org/v1\nkind: Deployment\nmetadata: {name: a}",
    /it has no Deployment.*, but Deployment a/,
  ],
  [
    "no object at all",
    "just words",
    /^m\.yaml:1:1: this is not a Kubernetes object: it has no apiVersion and kind, but is "just words"$/,
  ],
  ["a list in place of objects", "- a\n- b", /this is not a Kubernetes object.* a list/],
  [
    "a spec without anything",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:",
    /^m\.yaml:4:6: spec: expected object, and nothing is there$/,
  ],
  [
    "no containers",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: []}",
    /^m\.yaml:4:20: spec\.containers: /,
  ],
  [
    "a command in one text",
    stringify({ ...pod, spec: { containers: [{ name: "c", command: "node a" }] } }),
    /^m\.yaml:\d+:\d+: spec\.containers\[0\]\.command: expected array/,
  ],
  [
    "a number as a variable",
    stringify({ ...pod, spec: { containers: [{ name: "c", env: [{ name: "A", value: 5 }] }] } }),
    /env\[0\]\.value: expected string, received number; put it in quotes/,
  ],
  [
    "__proto__",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {__proto__: {a: 1}}",
    /^m\.yaml:4:8: the key __proto__ can't be used/,
  ],
  ["an alias of nothing", "apiVersion: *a", /no anchor &a stands before this alias/],
  ["a key twice", "kind: Pod\nkind: Pod", /^m\.yaml:2:1: duplicate key kind/],
  ["more than a manifest may hold", `a: ${"b".repeat(1024 * 1024)}`, /the file is too long/],
  ["deep nesting", "[".repeat(100_000), /it nests too deeply/],
  ["broken quotes", 'kind: "Pod', /^m\.yaml:1:\d+: /],
];

for (const [title, text, expected] of refused) {
  test(`${title}: refused with its place`, (t) => {
    const error = refusal(t, text);
    t.regex(error.message, expected);
    t.is(error.exitCode, 2);
  });
}

test("aliases that multiply are refused, not followed", (t) => {
  const doubling = Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
  t.regex(refusal(t, ["a0: &a0 [x]", ...doubling].join("\n")).message, /alias/i);
});

test("control characters of a manifest never reach the message", (t) => {
  const { message } = refusal(t, 'apiVersion: v1\nkind: "Pod\\e[31m"\nmetadata: {name: "\\u202e"}');
  t.notRegex(message, /[\p{Cc}\p{Cf}]/u);
});

test("whatever a pod's fields hold, a manifest is read or refused as bad input", (t) => {
  const anything = fc.jsonValue({ maxDepth: 4 });
  const spec = fc.record(
    Object.fromEntries(
      ["containers", "initContainers", "volumes", "nodeSelector", "affinity", "tolerations", "securityContext"].map(
        (key) => [key, anything],
      ),
    ),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.record({ metadata: anything, spec: fc.oneof(anything, spec) }), (fields) => {
      try {
        readManifest("m.yaml", JSON.stringify({ apiVersion: "v1", kind: "Pod", ...fields }));
        t.pass();
      } catch (error) {
        t.true(error instanceof InputError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});

test("whatever text a file holds, it is read or refused as bad input", (t) => {
  const piece = fc.oneof(
    fc.constantFrom(
      "apiVersion: v1\n",
      "kind: Pod\n",
      "kind: List\n",
      "items: ",
      "- ",
      "spec:\n  ",
      "---\n",
      "&a ",
      "*a ",
      "<<: ",
      "!!binary ",
      "? ",
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      t.throws(() => readManifest("m.yaml", pieces.join("")), { instanceOf: InputError });
    }),
    { numRuns: 500 },
  );
});

function refusal(t: ExecutionContext, text: string): InputError {
  const error = t.throws(() => readManifest("m.yaml", text), { instanceOf: InputError });
  if (error === undefined) throw new Error("it was read");
  return error;
}
