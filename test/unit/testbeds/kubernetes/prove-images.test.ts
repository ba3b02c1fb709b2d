import test from "ava";
import { CapabilityError } from "../../../../harness/core/errors.ts";
import { k6 } from "../../../../harness/engines/k6/k6.ts";
import { locust } from "../../../../harness/engines/locust/locust.ts";
import { checkVersions } from "../../../../harness/testbeds/kubernetes/prove-images.ts";

const images = { node: "registry/node:x", k6: "registry/k6:x", locust: "registry/locust:x" };
const generator = "k6 v2.2.0 (go1.26.8, linux/amd64)";

test("Node 22.18 and newer, any k6 v2, and Locust from 2.40 on will do", (t) => {
  for (const node of ["v22.18.0", "v22.20.1\n", "v24.0.0", "v100.1.1"]) {
    t.notThrows(() => checkVersions(images, k6.pod, { node, generator }), node);
  }
  const node = "v24.0.0";
  t.notThrows(() => checkVersions(images, k6.pod, { node, generator: "k6 v2.10.3 (commit/abc, go1.26)" }));
  for (const generator of ["locust 2.40.1 from /usr/lib (Python 3.12.1, gevent 25.8)", "locust 2.100.0 from /x"]) {
    t.notThrows(() => checkVersions(images, locust.pod, { node, generator }), generator);
  }
});

test("an older one, or what is none, is named with its image and the key to change", (t) => {
  for (const node of ["v22.17.9", "v20.19.0", "", "Segmentation fault"]) {
    const error = t.throws(
      () => checkVersions(images, k6.pod, { node, generator }),
      { instanceOf: CapabilityError },
      node,
    );
    t.regex(error?.message ?? "", /^the image registry\/node:x has ".*", and Node 22\.18 or newer is needed$/);
    t.regex((error as CapabilityError).hint ?? "", /images\.node/);
  }
  const old = { node: "v24.0.0", generator: "k6 v1.8.1 (go1.26, linux/amd64)" };
  t.throws(() => checkVersions(images, k6.pod, old), { message: /k6 v1\.8\.1.*k6 v2 is needed/ });
  for (const generator of ["locust 2.39.9 from /x", "locust 1.6.0", "No module named locust"]) {
    const error = t.throws(() => checkVersions(images, locust.pod, { node: "v24.0.0", generator }));
    t.regex(error?.message ?? "", /registry\/locust:x has .*Locust 2\.40 or newer is needed$/);
    t.regex((error as CapabilityError).hint ?? "", /images\.locust/);
  }
});
