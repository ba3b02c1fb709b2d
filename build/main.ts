/**
 * `npm run build`: dist/ from harness/. The code is bundled, a chunk for each command that is loaded when it is called, with the
 * libraries in it: a command then starts in a third of the time, one that speaks to a cluster in a fifth (client-node is hundreds of
 * files). What stays a dependency is what is loaded as it is: esbuild, a program, for the suites' k6 scripts.
 */
import { chmodSync, cpSync, globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { jsonText } from "../harness/core/text.ts";
import { deliveryRecord } from "../harness/deliver/delivery-record.ts";
import { bundlePodProgram, lookPrograms, podPrograms } from "../harness/pods/bundle.ts";
import { bundlePage } from "../harness/report/html/bundle-page.ts";
import { trialEventShape } from "../harness/results/events.ts";
import { runShape } from "../harness/results/run.ts";
import { sampleShape } from "../harness/results/samples.ts";
import { trialShape } from "../harness/results/trial.ts";
import { windowShape } from "../harness/results/window.ts";
import { clusterJsonSchema, jsonSchema, suiteJsonSchema } from "../harness/suite/json-schema.ts";
import { requireForModules, usedOfClientNode } from "./client-node.ts";
import { writeNotices } from "./notices.ts";

/** The library, and programs of their own, which the harness starts as children. */
const programs = [
  "start",
  "main",
  "index",
  "testbeds/netns/become-child",
  "testbeds/netns/http-probe",
  "testbeds/netns/listen-child",
  "testbeds/netns/relay-child",
];

/** What lies in results/ and in a delivery's folder; of the .ndjson files a line. Beside these the schemas of what people write. */
const records = {
  run: runShape,
  trial: trialShape,
  window: windowShape,
  sample: sampleShape,
  event: trialEventShape,
  delivery: deliveryRecord,
};

/**
 * string-width's patterns of emoji cost as much as Node's own start, and what most commands print is ASCII: there it answers the length, and is
 * loaded for the first text that is not.
 */
const widthOfAscii: Plugin = {
  name: "width-of-ascii",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, ({ kind, path, resolveDir }) =>
      kind === "import-statement" ? { path, namespace: "width-of-ascii", pluginData: resolveDir } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "width-of-ascii" }, ({ path, pluginData }) => ({
      contents: `export default (text, ...options) => (/^[ -~]*$/.test(text) ? text.length : require("${path}").default(text, ...options));`,
      resolveDir: pluginData,
    }));
  },
};

// A file that was renamed must not live on.
rmSync("dist", { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: programs.map((name) => `harness/${name}.ts`),
  outdir: "dist",
  outbase: "harness",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  external: ["esbuild"],
  plugins: [usedOfClientNode, widthOfAscii],
  banner: { js: requireForModules },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});
mkdirSync("dist/schema");
const schemas = Object.entries(records).map(([name, shape]) => [name, jsonSchema(shape, `tunebench ${name}`)]);
for (const [name, schema] of [...schemas, ["suite", suiteJsonSchema()], ["cluster", clusterJsonSchema()]]) {
  writeFileSync(`dist/schema/${name}.json`, jsonText(schema));
}
mkdirSync("dist/pods");
for (const name of [...podPrograms, ...lookPrograms])
  writeFileSync(join("dist/pods", name), await bundlePodProgram(name));
const page = bundlePage("harness/report/html/page");
mkdirSync("dist/report/html/page", { recursive: true });
writeFileSync("dist/report/html/page/page.js", page.script);
writeFileSync("dist/report/html/page/page.css", page.style);
const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
writeNotices("dist/THIRD-PARTY.txt", [...bundled, ...Object.keys(page.inputs)]);
const assets = globSync("**/*.{go,mod,sum,py,txt}", { cwd: "harness" });
for (const path of assets) cpSync(join("harness", path), join("dist", path));
chmodSync("dist/start.js", 0o755);
