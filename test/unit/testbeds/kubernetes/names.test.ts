import test from "ava";
import fc from "fast-check";
import { dnsName, labelsOf, podName, runName } from "../../../../harness/testbeds/kubernetes/names.ts";

const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

test("a run id is cut to its time and its digits", (t) => {
  t.is(runName("20261121T080225Z-port-exhaustion-3f9a"), "tb-20261121t080225z-3f9a");
});

test("a pod is named by run, trial and role", (t) => {
  t.is(podName("tb-20261121t080225z-3f9a", 3, "target-2"), "tb-20261121t080225z-3f9a-003-target-2");
  t.is(podName("tb-20261121t080225z-3f9a", 1200, "db"), "tb-20261121t080225z-3f9a-1200-db");
});

test("roles that differ only in case or signs get different pods", (t) => {
  const names = ["db_1", "db-1", "DB-1", "Db-1"].map((role) => podName("tb-20261121t080225z-3f9a", 1, role));
  t.is(new Set(names).size, 4, names.join(" "));
});

test("any text becomes a DNS label, and the same one again", (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.stringMatching(/^[a-z-]{0,80}$/)), (text) => {
      t.regex(dnsName(text), dnsLabel);
      t.is(dnsName(text), dnsName(text));
    }),
  );
});

test("two texts never become one name", (t) => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      t.is(dnsName(one) === dnsName(other), one === other);
    }),
  );
});

test("labels say whose an object is", (t) => {
  t.deepEqual(labelsOf({ runName: "tb-x", component: "target", trial: 3, role: "target-2" }), {
    "app.kubernetes.io/managed-by": "tunebench",
    "app.kubernetes.io/name": "tunebench",
    "app.kubernetes.io/instance": "tb-x",
    "app.kubernetes.io/component": "target",
    "tunebench.dev/run": "tb-x",
    "tunebench.dev/trial": "003",
    "tunebench.dev/role": "target-2",
  });
  t.false("tunebench.dev/trial" in labelsOf({ runName: "tb-x", component: "relay" }));
});
