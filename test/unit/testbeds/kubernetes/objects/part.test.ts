import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { stringify } from "yaml";
import { InputError } from "../../../../../harness/core/errors.ts";
import { readManifest } from "../../../../../harness/testbeds/kubernetes/manifest/read-manifest.ts";
import { labelsOf } from "../../../../../harness/testbeds/kubernetes/names.ts";
import { partObjects } from "../../../../../harness/testbeds/kubernetes/objects/part.ts";
import type { PartSpec } from "../../../../../harness/testbeds/kubernetes/objects/part-spec.ts";
import { partFromFiles, partFromManifest, trialObjects } from "../../../../helpers/cluster-objects.ts";
import { isGolden } from "../../../../helpers/golden.ts";
import { yamlText } from "../../../../helpers/yaml-text.ts";

const golden = (name: string) => join(import.meta.dirname, `${name}.golden.yaml`);

test("a target from files", (t) => {
  const { pod, others } = partObjects(partFromFiles());
  isGolden(t, yamlText([...others, pod]), golden("target-from-files"));
});

test("a target from a manifest", (t) => {
  const { pod, others, container } = partObjects(partFromManifest());
  t.is(container, "web");
  isGolden(t, yamlText([...others, pod]), golden("target-from-manifest"));
});

test("what is writable is an empty folder of the measured container alone", (t) => {
  for (const spec of [partFromFiles(), partFromManifest()]) {
    const { pod, container } = partObjects({ ...spec, part: { ...spec.part, writable: ["/var/lib/nginx"] } });
    const mounted = pod.spec?.containers.filter(({ volumeMounts }) =>
      volumeMounts?.some(({ name, mountPath }) => name === "tunebench-writable-1" && mountPath === "/var/lib/nginx"),
    );
    t.deepEqual(
      mounted?.map(({ name }) => name),
      [container],
    );
    t.deepEqual(
      pod.spec?.volumes?.find(({ name }) => name === "tunebench-writable-1"),
      {
        name: "tunebench-writable-1",
        emptyDir: {},
      },
    );
  }
});

test("the command: the profile's before the part's in a cluster before the one at home", (t) => {
  t.deepEqual(commandOf({}, null), ["home"]);
  t.deepEqual(commandOf({ command: ["cluster"] }, null), ["cluster"]);
  t.deepEqual(commandOf({ command: ["cluster"] }, ["profile"]), ["profile"]);
});

function commandOf(kubernetes: object, profile: string[] | null): string[] | undefined {
  const { part } = partFromFiles();
  const own = { manifest: null, workload: null, container: null, image: null, command: null, files: [], ...kubernetes };
  const { pod } = partObjects(
    partFromFiles({
      part: { ...part, command: ["home"], kubernetes: own },
      profile: { image: null, command: profile, nodeSelector: {} },
    }),
  );
  return pod.spec?.containers[0]?.command;
}

test("the image: the profile's before the part's before the manifest's; the command goes with args as written or not at all", (t) => {
  const web = (changes: Partial<PartSpec>) => partObjects(partFromManifest(changes)).pod.spec?.containers[1];
  const { part } = partFromManifest();
  const withImage = {
    ...part,
    kubernetes: { manifest: "m", workload: null, container: "web", image: "part:1", command: null, files: [] },
  };
  t.is(web({ profile: null })?.image, "tunebench.local/node:latest");
  t.is(web({ profile: null, part: withImage })?.image, "part:1");
  t.is(web({ profile: { image: "profile:1", command: null, nodeSelector: {} }, part: withImage })?.image, "profile:1");
  t.deepEqual(web({ profile: null })?.args, ["--verbose"]);
  const commanded = web({ profile: { image: null, command: ["own"], nodeSelector: {} } });
  t.deepEqual([commanded?.command, commanded?.args], [["own"], undefined]);
});

test("an image of the user's keeps the user and the rights that it was built for", (t) => {
  const { pod } = partObjects(partFromFiles({ profile: { image: "mariadb:11", command: null, nodeSelector: {} } }));
  t.is(pod.spec?.securityContext, undefined);
  t.is(pod.spec?.containers[0]?.securityContext, undefined);
  t.true(pod.spec?.containers[1]?.securityContext?.runAsNonRoot);
});

test("readiness: a path, a port, or none where it is a line of the log", (t) => {
  const probe = (check: PartSpec["part"]["ready"]["check"]) => {
    const { part } = partFromFiles();
    return partObjects(partFromFiles({ part: { ...part, ready: { check, withinMs: 2500 } } })).pod.spec?.containers[0]
      ?.startupProbe;
  };
  t.like(probe({ kind: "http", path: "/healthz" }), { httpGet: { path: "/healthz", port: 8080 }, failureThreshold: 3 });
  t.like(probe({ kind: "tcp" }), { tcpSocket: { port: 8080 } });
  t.is(probe({ kind: "log", text: "listening" }), undefined);
});

test("a manifest's own startup probe stays where the suite waits for a line of the log", (t) => {
  const { part } = partFromManifest();
  const ready = { check: { kind: "log", text: "listening" }, withinMs: 1000 } as const;
  const { pod } = partObjects(partFromManifest({ part: { ...part, ready } }));
  t.deepEqual(pod.spec?.containers[1]?.startupProbe, { httpGet: { path: "/old", port: "http" } });
});

test("without a node the user's affinity stays as it is, and one without any wants the node alone", (t) => {
  const { manifest } = partFromManifest();
  t.deepEqual(partObjects(partFromManifest({ node: null })).pod.spec?.affinity, manifest?.spec.affinity);
  t.deepEqual(partObjects(partFromFiles()).pod.spec?.affinity?.nodeAffinity, {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["one-node"] }] }],
    },
  });
});

test("processes are shared where the cluster says so", (t) => {
  const { cluster } = trialObjects();
  const trial = trialObjects({ cluster: { ...cluster, shareProcessNamespace: true } });
  t.true(partObjects(partFromFiles({ trial })).pod.spec?.shareProcessNamespace);
  t.is(partObjects(partFromFiles()).pod.spec?.shareProcessNamespace, undefined);
});

test("a container that is not there is named with those that are", (t) => {
  const { part } = partFromManifest();
  const kubernetes = { manifest: "shop.yaml", workload: null, container: "api", image: null, command: null, files: [] };
  t.throws(() => partObjects(partFromManifest({ part: { ...part, kubernetes } })), {
    instanceOf: InputError,
    message: 'shop.yaml has no container "api": it has proxy, web',
  });
});

test("a container of a name that a run uses itself is refused", (t) => {
  const { manifest } = partFromManifest();
  if (manifest === null) return t.fail();
  const [proxy, web] = manifest.spec.containers;
  if (proxy === undefined || web === undefined) return t.fail();
  const spec = { ...manifest.spec, containers: [{ ...proxy, name: "sampler" }, web] };
  t.throws(() => partObjects(partFromManifest({ manifest: { ...manifest, spec } })), {
    instanceOf: InputError,
    message: /has a container sampler: .*rename it/,
  });
});

test("files that no ConfigMap can hold are refused", (t) => {
  const error = t.throws(() => partObjects(partFromFiles({ files: { "big.bin": new Uint8Array(1024 * 1024) } })), {
    instanceOf: InputError,
  });
  t.regex(error?.message ?? "", /1048576 bytes, and a ConfigMap holds at most/);
});

test("what is handed in stays as it is", (t) => {
  const request = partFromManifest();
  const before = stringify(request.manifest?.spec);
  partObjects(request);
  t.is(stringify(request.manifest?.spec), before);
});

const word = fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/);
const labels = fc.dictionary(
  fc.oneof(word, fc.constantFrom("app", "app.kubernetes.io/name", "tunebench.dev/role")),
  word,
  { maxKeys: 5 },
);

test("no label, selector or name of a manifest survives onto what is made", (t) => {
  const own = labelsOf({ runName: trialObjects().runName, component: "target", trial: 3, role: "target" });
  fc.assert(
    fc.property(
      labels,
      labels,
      word,
      fc.constantFrom("Deployment", "StatefulSet", "DaemonSet"),
      (onPod, selector, name, kind) => {
        const { pod, others } = partObjects(
          partFromManifest({ manifest: manifestWith({ onPod, selector, name, kind }), part: firstContainer }),
        );
        for (const { metadata } of [pod, ...others]) {
          t.deepEqual(metadata?.labels, own);
          t.true(metadata?.name?.startsWith("tb-20261121t080225z-3f9a-003-target"));
        }
        const service = others.find(({ kind }) => kind === "Service") ?? {};
        if (Object.keys(selector).length === 0) return t.deepEqual(service, {});
        t.deepEqual("spec" in service && service.spec?.selector, {
          "tunebench.dev/run": "tb-20261121t080225z-3f9a",
          "tunebench.dev/trial": "003",
          "tunebench.dev/role": "target",
        });
      },
    ),
  );
});

const firstContainer = {
  ...partFromManifest().part,
  kubernetes: { manifest: "m.yaml", workload: null, container: null, image: null, command: null, files: [] },
};

function manifestWith(what: { onPod: object; selector: object; name: string; kind: string }) {
  const metadata = { name: what.name, labels: what.onPod };
  const objects = [
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: {} },
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector: what.selector, ports: [{ port: 80 }] } },
    {
      apiVersion: "apps/v1",
      kind: what.kind,
      metadata,
      spec: {
        selector: { matchLabels: what.selector },
        template: {
          metadata: { labels: { ...what.onPod, ...what.selector } },
          spec: { containers: [{ name: "c", image: "i:1" }] },
        },
      },
    },
  ];
  return readManifest("m.yaml", objects.map((object) => stringify(object, { version: "1.1" })).join("---\n"));
}
