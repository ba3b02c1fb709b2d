import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { stringify } from "yaml";
import { checkManifest } from "../../../../../harness/testbeds/kubernetes/manifest/check.ts";
import { ownKeys, ownSysctls } from "../../../../../harness/testbeds/kubernetes/manifest/own-keys.ts";
import { readManifest } from "../../../../../harness/testbeds/kubernetes/manifest/read-manifest.ts";
import { settingReadings } from "../../../../../harness/testbeds/kubernetes/settings.ts";
import { shopFile } from "../../../../helpers/cluster-objects.ts";
import { isGolden } from "../../../../helpers/golden.ts";

/** Nothing to say against it. */
const clean = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "shop" },
  spec: {
    replicas: 1,
    template: {
      metadata: { labels: { "app.kubernetes.io/name": "shop" } },
      spec: {
        securityContext: { runAsNonRoot: true },
        containers: [
          {
            name: "web",
            image: "registry.example.org:5000/shop@sha256:0123",
            resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } },
            readinessProbe: { tcpSocket: { port: 8080 } },
            lifecycle: { preStop: { sleep: { seconds: 5 } } },
            securityContext: { readOnlyRootFilesystem: true },
          },
        ],
      },
    },
  },
};
const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "shop" } };

test("all that is said of a manifest with much to say of", (t) => {
  const said = checkManifest(readManifest("shop.yaml", readFileSync(shopFile, "utf8")));
  const text = said.map(({ line, text }) => `${line}: ${text}\n`).join("");
  isGolden(t, text, join(import.meta.dirname, "shop.golden.txt"));
});

test("settings that the pod gives itself are warned about by their keys, and are recorded", (t) => {
  const manifest = structuredClone(clean) as { spec: { template: { spec: Record<string, unknown> } } };
  Object.assign(manifest.spec.template.spec, {
    securityContext: { runAsNonRoot: true, sysctls: [{ name: "net/core/somaxconn", value: "65535" }] },
    initContainers: [
      { name: "tune", image: "b:1", command: ["sysctl", "-w", "net.ipv4.tcp_tw_reuse=1"] },
      { name: "shell", image: "b:1", command: ["sh", "-c"], args: ["echo 15 > /proc/sys/net/ipv4/tcp_fin_timeout"] },
      { name: "proxy", image: "b:1", restartPolicy: "Always", args: ["--sysctl.path=/x"] },
    ],
  });
  const read = readManifest("m.yaml", stringify(manifest));
  t.deepEqual(ownSysctls(read.spec), { "net.core.somaxconn": "65535" });
  const said = checkManifest(read).map(({ text }) => text);
  const about = (start: RegExp) => said.filter((text) => start.test(text));
  t.regex(about(/^the pod sets/).join(), /sets net\.core\.somaxconn=65535 itself: the baseline is tuned already/);
  t.regex(about(/^init container tune writes/).join(), /writes net\.ipv4\.tcp_tw_reuse at its start/);
  t.regex(about(/^init container shell writes/).join(), /writes net\.ipv4\.tcp_fin_timeout at its start/);
  t.deepEqual(about(/^init container proxy writes/), []);
  t.deepEqual(ownKeys(read.spec), ["net.core.somaxconn", "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_fin_timeout"]);
  const readings = settingReadings("target", {}, { "net.core.somaxconn": "65535" }, ownKeys(read.spec));
  t.like(
    readings.find(({ key }) => key === "net.core.somaxconn"),
    { asked: null, effective: "65535", origin: "recorded" },
  );
});

test("nothing is said against one that has all", (t) => {
  t.deepEqual(warnings(clean), [
    "PodDisruptionBudget shop is not made: a run makes the pod itself, its Services and its ConfigMaps",
  ]);
});

type Pod = typeof clean.spec.template.spec & Record<string, unknown>;
type Container = Pod["containers"][number] & Record<string, unknown>;

const cases: [string, (pod: Pod, container: Container) => void, RegExp | null][] = [
  [
    "no tag",
    (_, c) => {
      c.image = "registry.example.org:5000/shop";
    },
    /without a tag/,
  ],
  [
    "the tag latest",
    (_, c) => {
      c.image = "shop:latest";
    },
    /a tag that moves/,
  ],
  [
    "a version",
    (_, c) => {
      c.image = "registry.example.org:5000/shop:1.2";
    },
    null,
  ],
  [
    "no requests and limits",
    (_, c) => {
      c.resources = {} as never;
    },
    /no requests and limits/,
  ],
  [
    "requests alone",
    (_, c) => {
      c.resources = { requests: { cpu: "1" } } as never;
    },
    null,
  ],
  [
    "no probes",
    (_, c) => {
      delete (c as Partial<Container>).readinessProbe;
    },
    /no startup or readiness probe/,
  ],
  [
    "a startup probe alone",
    (_, c) => {
      c.startupProbe = c.readinessProbe;
      delete (c as Partial<Container>).readinessProbe;
    },
    null,
  ],
  [
    "root by name",
    (_, c) => {
      c.securityContext = { readOnlyRootFilesystem: true, runAsUser: 0 } as never;
    },
    /web runs as root/,
  ],
  [
    "root by default",
    (p) => {
      p.securityContext = {} as never;
    },
    /may run as root \(no runAsNonRoot: true\)/,
  ],
  [
    "an ordinary user by number",
    (p) => {
      p.securityContext = { runAsUser: 1000 } as never;
    },
    null,
  ],
  [
    "privilege",
    (_, c) => {
      c.securityContext = { readOnlyRootFilesystem: true, privileged: true } as never;
    },
    /web is privileged/,
  ],
  [
    "a writable root file system",
    (_, c) => {
      c.securityContext = {} as never;
    },
    /writable root file system/,
  ],
  [
    "no preStop",
    (_, c) => {
      delete (c as Partial<Container>).lifecycle;
    },
    /no preStop/,
  ],
  [
    "the node's network",
    (p) => {
      p.hostNetwork = true;
    },
    /uses the node's network/,
  ],
  [
    "a liveness probe",
    (_, c) => {
      c.livenessProbe = c.readinessProbe;
    },
    /the liveness probe is left out/,
  ],
  [
    "a port of the node",
    (_, c) => {
      c.ports = [{ containerPort: 1, hostPort: 1 }];
    },
    /hostPort is left out/,
  ],
  [
    "a node by name",
    (p) => {
      p.nodeName = "node-7";
    },
    /nodeName is left out/,
  ],
  [
    "a priority",
    (p) => {
      p.priorityClassName = "high";
    },
    /priorityClassName is left out: a trial must not evict other pods/,
  ],
  [
    "a privileged init container",
    (p) => {
      p.initContainers = [{ name: "first", image: "i:1", securityContext: { privileged: true } }];
    },
    /first is privileged/,
  ],
];

for (const [title, change, expected] of cases) {
  test(`${title}: ${expected === null ? "nothing is said" : "is said, with why it matters"}`, (t) => {
    const changed = structuredClone(clean);
    const pod: Pod = changed.spec.template.spec;
    change(pod, pod.containers[0] as Container);
    const said = warnings(changed).filter((text) => !text.startsWith("PodDisruptionBudget"));
    t.is(said.length, expected === null ? 0 : 1, said.join("\n"));
    if (expected !== null) t.regex(said[0] ?? "", expected);
  });
}

test("no recommended labels, no budget, replicas without spread: each is said", (t) => {
  const changed = structuredClone(clean);
  changed.spec.replicas = 2;
  changed.spec.template.metadata.labels = { app: "shop" } as never;
  const said = checkManifest(readManifest("m.yaml", stringify(changed))).map(({ text }) => text);
  t.is(said.length, 4, said.join("\n"));
  for (const expected of [
    /recommended labels/,
    /no PodDisruptionBudget/,
    /2 replicas are not spread/,
    /replicas: 2 is not taken over/,
  ]) {
    t.true(
      said.some((text) => expected.test(text)),
      String(expected),
    );
  }
});

function warnings(object: object): string[] {
  const text = [object, budget].map((one) => stringify(one)).join("---\n");
  return checkManifest(readManifest("m.yaml", text)).map((warning) => warning.text);
}
