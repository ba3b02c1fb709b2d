import { readFileSync } from "node:fs";
import { join } from "node:path";
import { k6 } from "../../harness/engines/k6/k6.ts";
import { readManifest } from "../../harness/testbeds/kubernetes/manifest/read-manifest.ts";
import type { PartSpec } from "../../harness/testbeds/kubernetes/objects/part-spec.ts";
import type { TrialObjects } from "../../harness/testbeds/kubernetes/objects/run-objects.ts";
import type { RunnersSpec } from "../../harness/testbeds/kubernetes/objects/runners.ts";

/** Requests for objects in a cluster, as a run would make them on one-node. */

export function trialObjects(changes: Partial<TrialObjects> = {}): TrialObjects {
  return {
    runName: "tb-20261121t080225z-3f9a",
    namespace: "load-tests",
    ownerUid: "6f1f6c9e-0f0e-4a5e-9d6a-3a1d0a5d2b77",
    sequence: 3,
    deadlineSeconds: 300,
    cluster: {
      images: { node: "tunebench.local/node:own", k6: "tunebench.local/k6:own", locust: "tunebench.local/locust:own" },
      imagePullPolicy: "Never",
      nodeSelector: { "kubernetes.io/os": "linux" },
      tolerations: [{ key: "tunebench.dev/sysctls", operator: "Exists", effect: "NoSchedule" }],
      shareProcessNamespace: false,
      runnerCpu: "250m",
    },
    ...changes,
  };
}

/** A target from files, in the cluster's Node image. */
export function partFromFiles(changes: Partial<PartSpec> = {}): PartSpec {
  return {
    trial: trialObjects(),
    role: "target",
    component: "target",
    part: {
      command: ["node", "target.ts", "--price=$5"],
      port: 8080,
      writable: [],
      ready: { check: { kind: "http", path: "/healthz" }, withinMs: 20_000 },
      kubernetes: {
        manifest: null,
        workload: null,
        container: null,
        image: null,
        command: null,
        files: ["target.ts", "lib/rows.ts"],
      },
    },
    profile: { image: null, command: null, nodeSelector: {} },
    manifest: null,
    hosts: [],
    files: {
      "target.ts": Buffer.from('console.log("here");\n'),
      "lib/rows.ts": Buffer.from("export const rows = 3;\n"),
      "icon.bin": Uint8Array.of(0xff, 0xfe, 0),
    },
    env: { PORT: "8080", DB_HOST: "198.19.240.7", TEMPLATE: "$(HOME)/$$/$name" },
    node: "one-node",
    sampler: { role: "target", keys: ["net.core.somaxconn"], listenPort: 8080, looks: "pod-and-node" },
    ...changes,
  };
}

export const shopFile = join(import.meta.dirname, "../fixtures/kubernetes/objects/shop.yaml");

/** A target from a manifest that has much to change. */
export function partFromManifest(changes: Partial<PartSpec> = {}): PartSpec {
  return {
    ...partFromFiles(),
    part: {
      command: ["node", "target.ts"],
      port: 8080,
      writable: [],
      ready: { check: { kind: "tcp" }, withinMs: 10_000 },
      kubernetes: { manifest: "shop.yaml", workload: null, container: "web", image: null, command: null, files: [] },
    },
    profile: { image: "tunebench.local/node:own", command: null, nodeSelector: { pool: "new-kernel" } },
    manifest: readManifest("shop.yaml", readFileSync(shopFile, "utf8")),
    files: {},
    ...changes,
  };
}

export function runnersSpec(changes: Partial<RunnersSpec> = {}): RunnersSpec {
  return {
    trial: trialObjects(),
    count: 4,
    form: k6.pod,
    script: { name: "load.js", text: "export default function () {}\n" },
    files: {},
    beside: {},
    program: {
      argv: ["k6", "--address", "localhost:6565", "run", "--quiet", "/tunebench/load/load.js"],
      env: { K6_OTEL_HTTP_EXPORTER_ENDPOINT: "198.19.240.9:4318", TARGET: "http://198.19.240.8:8080" },
    },
    relay: "198.19.240.9:4318",
    sysctls: { "net.ipv4.ip_local_port_range": "1024 65535" },
    sampler: { role: "generator", keys: [], listenPort: null, looks: "pod" },
    ...changes,
  };
}
