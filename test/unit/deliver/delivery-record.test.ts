/** What delivery.json says of a place is there: a later check reads it. */
import test from "ava";
import { parseAllDocuments } from "yaml";
import { type DeliveredFiles, deliver } from "../../../harness/deliver/deliver.ts";
import { deliveryRecord } from "../../../harness/deliver/delivery-record.ts";
import type { FileLocation, FromFile } from "../../../harness/deliver/platform.ts";
import { type PlatformName, platformNames } from "../../../harness/deliver/platform-names.ts";
import { filesOf, nodeLevel, rollout, testPool } from "../../helpers/deliveries.ts";
import { writtenFiles } from "../../helpers/written-files.ts";

/** All values at a path of keys, in any document; a text on the way is YAML itself, as kind's patches and user data are. */
function valuesAt(text: string, at: string): unknown[] {
  const step = (value: unknown, key: string): unknown[] => {
    if (typeof value === "string") return documentsOf(value).flatMap((one) => step(one, key));
    const next = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
    return next === undefined ? [] : [next];
  };
  return at.split(".").reduce((values, key) => values.flatMap((value) => step(value, key)), documentsOf(text));
}

function documentsOf(text: string): unknown[] {
  return parseAllDocuments(text).map((document) => document.toJSON());
}

/** Whether a place of a delivery holds a word. What is no YAML is looked at as a whole. */
function holds(delivery: DeliveredFiles, { file, at }: FileLocation, word: string): boolean {
  const text = filesOf(delivery)[file] ?? "";
  if (/\.(mime|toml|conf|args|container)$/.test(file) || at.includes("(")) return text.includes(word);
  return JSON.stringify(valuesAt(text, at)).includes(word);
}

/** Everything that is said of a place, and what must stand there. An allowlist's entry may be the beginning of a key. */
function placesOf({ record }: DeliveredFiles): [FileLocation, string][] {
  const { allowlist, settings } = record;
  return [
    ...allowlist.where.map((place): [FileLocation, string] => [place, "net."]),
    ...settings.flatMap(({ key, where }) => where.map((place): [FileLocation, string] => [place, key])),
  ];
}

const selections = { rollout: rollout(), node: nodeLevel(), pool: testPool() };

for (const platform of platformNames) {
  test(`${platform}: each place of delivery.json holds what it says`, (t) => {
    for (const [title, selection] of Object.entries(selections)) {
      const delivery = deliver(platform, selection, null);
      t.notThrows(() => deliveryRecord.parse(delivery.record));
      for (const [place, word] of placesOf(delivery))
        t.true(holds(delivery, place, word), `${title}: ${word} in ${place.file}, ${place.at}`);
      t.is(delivery.record.allowlist.where.length > 0, delivery.record.allowlist.keys.length > 0, title);
    }
  });
}

for (const form of ["yaml", "json", "mime", "args"]) {
  for (const { platform, title, text } of writtenFiles(form)) {
    test(`${platform}, ${form} by hand: ${title}: each place holds what it says`, (t) => {
      const delivery = deliver(platform, nodeLevel(), { name: "theirs", text });
      for (const [place, word] of placesOf(delivery))
        t.true(holds(delivery, place, word), `${word} in ${place.file}, ${place.at}`);
    });
  }
}

const forms: [string, PlatformName, string, string[]][] = [
  [
    "kubeadm's flags",
    "kubeadm",
    "apiVersion: kubeadm.k8s.io/v1beta3\nkind: InitConfiguration\nnodeRegistration: {kubeletExtraArgs: {allowed-unsafe-sysctls: a.b}}\n",
    [
      "nodeRegistration.kubeletExtraArgs.allowed-unsafe-sysctls",
      "allowedUnsafeSysctls",
      "allowedUnsafeSysctls",
      "--allowed-unsafe-sysctls",
    ],
  ],
  [
    "a node's own list",
    "kind",
    "kind: Cluster\nnodes:\n- role: worker\n  kubeadmConfigPatches:\n  - 'kind: KubeletConfiguration\n\n    allowedUnsafeSysctls: [a.b]'\n",
    ["kubeadmConfigPatches.0.allowedUnsafeSysctls", "nodes.0.kubeadmConfigPatches.0.allowedUnsafeSysctls"],
  ],
];

for (const [title, platform, text, expected] of forms) {
  test(`${platform}: ${title} are among the places`, (t) => {
    const from: FromFile = { name: "theirs", text };
    t.deepEqual(
      deliver(platform, testPool(), from).record.allowlist.where.map(({ at }) => at),
      expected,
    );
  });
}

test("a workload's sysctls are where its kind has its pods", (t) => {
  const text = "kind: CronJob\nmetadata: {name: report}\nspec: {jobTemplate: {spec: {template: {spec: {}}}}}\n";
  const { record } = deliver("gke", rollout(), { name: "theirs", text });
  t.deepEqual(record.settings[0]?.where, [
    { file: "9-workload.yaml", at: "spec.jobTemplate.spec.template.spec.securityContext.sysctls" },
  ]);
  t.deepEqual(record.workloads, [{ kind: "CronJob", name: "report", namespace: null, labels: {} }]);
});
