import { readFileSync } from "node:fs";
import test from "ava";
import { parse, stringify } from "yaml";
import { measureNames } from "../../../harness/core/measures.ts";
import { parseCluster } from "../../../harness/suite/cluster-file/parse-cluster.ts";
import { clusterForm } from "../../../harness/suite/cluster-file/schema.ts";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { sections } from "../../../harness/suite/schema.ts";
import { deliveryRoutes } from "../../../harness/suite/schema-kubernetes.ts";
import { treeFile } from "../../helpers/cli.ts";

const page = readFileSync(treeFile("docs/suite.md"), "utf8");
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => text);

/** The suite that an example of docs/suite.md is a part of. */
function around(example: Record<string, unknown>): Record<string, unknown> {
  return {
    name: "example",
    target: { command: ["node", "target.ts"], port: 8080 },
    upstreams: { db: { command: ["node", "upstream.ts"], port: 3306 } },
    load: { script: "load.ts", ...("conditions" in example ? {} : { rate: "200/s" }) },
    ...("conditions" in example || "objective" in example ? {} : { stop: { after: "10s" } }),
    ...("factors" in example ? {} : { profiles: { baseline: {}, reuse: { "net.ipv4.tcp_tw_reuse": 1 } } }),
    ...example,
  };
}

for (const [i, text] of examples.entries()) {
  const example = parse(text) as Record<string, unknown>;
  test(`docs/suite.md: example ${i + 1}, of ${Object.keys(example).join(", ")}, is taken`, (t) => {
    t.notThrows(() => parseSuite(stringify(around(example)), "docs.yaml"));
  });
}

test("docs/suite.md: every key of a suite and every measure has its word, every new key an example", (t) => {
  for (const key of Object.keys(sections.shape)) t.regex(page, new RegExp(`\`${key}\\b`), key);
  for (const name of measureNames) t.true(page.includes(name.replace(/^latencyMs(?!\.p50)/, "")), name);
  const shown = examples.flatMap((text) => Object.keys(parse(text) as object));
  for (const key of [
    "profiles",
    "factors",
    "design",
    "blocks",
    "recheck",
    "retries",
    "compare",
    "objective",
    "goals",
    "conditions",
    "cluster",
    "route",
  ])
    t.true(shown.includes(key), key);
});

const clustersPage = readFileSync(treeFile("docs/clusters.md"), "utf8");

test("docs/clusters.md: the example has every key and is taken, and every key has its row", (t) => {
  const example = /```yaml\n([\s\S]*?)```/.exec(clustersPage)?.[1] ?? "";
  t.notThrows(() => parseCluster(example, "docs.yaml"));
  const { images, timeouts, ...others } = clusterForm.shape;
  const inside = { images: images.unwrap().shape, timeouts: timeouts.unwrap().in.shape };
  const nested = Object.entries(inside).flatMap(([name, shape]) => Object.keys(shape).map((key) => `${name}.${key}`));
  for (const key of [...Object.keys(others), ...nested])
    t.regex(clustersPage, new RegExp(`^\\| \`${key}\` \\|`, "m"), key);
  t.deepEqual(Object.keys(parse(example) as object).toSorted(), Object.keys(clusterForm.shape).toSorted());
});

test("docs/suite.md: every route has its row", (t) => {
  for (const route of deliveryRoutes) t.true(page.includes(`| \`${route}\` |`), route);
});
