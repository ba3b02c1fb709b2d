import test from "ava";
import { gatherProvenance } from "../../../harness/experiment/provenance.ts";
import type { TestbedFacts } from "../../../harness/testbeds/testbed.ts";

test("in a cluster k6 is an image, and the cluster is named with its file, which resume reads again", (t) => {
  const kubernetes = { version: "v1.34.3", context: "prod", namespace: "load" };
  const facts = { kind: "kubernetes", rootless: true, kubernetes, containers: null } as const;
  const there: TestbedFacts = { ...facts, route: "pod-sysctls", engine: "image k6:2" };
  const { engine, environment } = gatherProvenance(there, { name: "eks", file: "/c/eks/cluster.yaml" });
  t.is(engine, "image k6:2");
  t.deepEqual(environment, {
    kind: "kubernetes",
    cluster: "eks",
    clusterFile: "/c/eks/cluster.yaml",
    rootless: true,
    kubernetes,
    containers: null,
  });
});

test("on this machine it is the k6 that was found", (t) => {
  const here: TestbedFacts = {
    kind: "netns",
    rootless: false,
    kubernetes: null,
    containers: null,
    route: null,
    engine: "k6 v2.2.0",
  };
  const { engine, environment } = gatherProvenance(here, null);
  t.is(engine, "k6 v2.2.0");
  t.like(environment, { kind: "netns", cluster: "local", clusterFile: null, kubernetes: null });
});
