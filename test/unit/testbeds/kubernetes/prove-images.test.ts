import test from "ava";
import { CapabilityError } from "../../../../harness/core/errors.ts";
import { checkVersions } from "../../../../harness/testbeds/kubernetes/prove-images.ts";

const images = { node: "registry/node:x", k6: "registry/k6:x" };
const k6 = "k6 v2.2.0 (go1.26.8, linux/amd64)";

test("Node 22.18 and newer, and any k6 v2, will do", (t) => {
  for (const node of ["v22.18.0", "v22.20.1\n", "v24.0.0", "v100.1.1"]) {
    t.notThrows(() => checkVersions(images, { node, k6 }), node);
  }
  t.notThrows(() => checkVersions(images, { node: "v24.0.0", k6: "k6 v2.10.3 (commit/abc, go1.26)" }));
});

test("an older one, or what is none, is named with its image and the key to change", (t) => {
  for (const node of ["v22.17.9", "v20.19.0", "", "Segmentation fault"]) {
    const error = t.throws(() => checkVersions(images, { node, k6 }), { instanceOf: CapabilityError }, node);
    t.regex(error?.message ?? "", /^the image registry\/node:x has ".*", and Node 22\.18 or newer is needed$/);
    t.regex((error as CapabilityError).hint ?? "", /images\.node/);
  }
  const old = t.throws(() => checkVersions(images, { node: "v24.0.0", k6: "k6 v1.8.1 (go1.26, linux/amd64)" }));
  t.regex(old?.message ?? "", /k6 v1\.8\.1.*k6 v2 is needed/);
});
