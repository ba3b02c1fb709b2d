import test from "ava";
import { gatherProvenance } from "../../../harness/experiment/provenance.ts";
import type { Environment } from "../../../harness/testbeds/testbed.ts";

const common = { preflight: async () => {}, begin: async () => {}, open: () => Promise.reject(new Error("not here")) };

test("in a cluster k6 is an image, and the cluster is named with its file, which resume reads again", (t) => {
  const kubernetes = { version: "v1.34.3", context: "prod", namespace: "load" };
  const there: Environment = {
    kind: "kubernetes",
    rootless: true,
    kubernetes,
    route: "pod-sysctls",
    k6Image: "k6:2",
    ...common,
  };
  const { k6, environment } = gatherProvenance(there, { name: "eks", file: "/c/eks/cluster.yaml" }, null);
  t.is(k6, "image k6:2");
  t.deepEqual(environment, {
    kind: "kubernetes",
    cluster: "eks",
    clusterFile: "/c/eks/cluster.yaml",
    rootless: true,
    kubernetes,
  });
});

test("on this machine it is the k6 that was found", (t) => {
  const here: Environment = { kind: "netns", rootless: false, kubernetes: null, route: null, k6Image: null, ...common };
  const { k6, environment } = gatherProvenance(here, null, "v2.2.0");
  t.is(k6, "v2.2.0");
  t.like(environment, { kind: "netns", cluster: "local", clusterFile: null, kubernetes: null });
});
