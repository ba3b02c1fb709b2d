import { join } from "node:path";
import test from "ava";
import { stringify } from "yaml";
import { parseSuite } from "../../../../../harness/suite/parse.ts";
import { ownKeys } from "../../../../../harness/testbeds/kubernetes/manifest/own-keys.ts";
import { manifestWarnings } from "../../../../../harness/testbeds/kubernetes/manifest-warnings.ts";
import { readPartSources } from "../../../../../harness/testbeds/kubernetes/part-sources.ts";
import { startOrder } from "../../../../../harness/testbeds/kubernetes/start-order.ts";
import { treeFile } from "../../../../helpers/cli.ts";
import { type ManifestCase, manifestCases, partsOfCase } from "../../../../helpers/manifest-cases.ts";

const load = { script: "load.ts", rate: "1/s" };

function sourcesOf(one: ManifestCase) {
  const suite = { name: one.name, ...partsOfCase(one), load, stop: { after: "1s" } };
  const file = join(treeFile("test/fixtures/kubernetes/manifests"), "suite.yaml");
  return readPartSources(parseSuite(stringify(suite), file));
}

for (const one of manifestCases) {
  test(`${one.name}: read as it comes, with what is to be known of it`, (t) => {
    const sources = sourcesOf(one);
    const said = manifestWarnings(sources);
    for (const words of one.said)
      t.true(
        said.some((line) => words.test(line)),
        `${words} in\n${said.join("\n")}`,
      );
    t.false(
      said.some((line) => /is started after it|no part of the suite/.test(line)),
      said.join("\n"),
    );
    const spec = sources.target?.manifest?.spec;
    t.deepEqual(spec === undefined ? [] : ownKeys(spec).sort(), Object.keys(one.recorded ?? {}).sort());
  });
}

test("an upstream that another dials is started before it", (t) => {
  const chain = manifestCases.find(({ name }) => name === "chain");
  if (chain === undefined) return t.fail();
  t.deepEqual(startOrder(sourcesOf(chain)), { cart: ["stock"], stock: [] });
});
