/** A script as people have it, with all that it opens, in pods. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { type ApiWorld, worldFor } from "../helpers/api-world.ts";
import { mainFile } from "../helpers/cli.ts";
import { copyFixture, objectsOfRuns, runOnCluster, storedIn } from "../helpers/cluster-runs.ts";
import { testNeeding } from "../helpers/parts.ts";

/** CommonJS, as a compiler writes it. It throws where a file is not what it should be. */
const script = `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.default = default_1;
exports.options = { scenarios: { shop: { executor: "shared-iterations", exec: "shop" } }, thresholds: { "http_reqs{scenario:shop}": ["count>10"] } };
const http_1 = { default: require("k6/http") };
const { SharedArray } = require("k6/data");
const { check } = require("k6");
const grpc = require("k6/net/grpc");
const client = new grpc.Client();
client.load(["protos", "protos/common"], "shop.proto");
const users = new SharedArray("users", () => open("./data/users.csv").trim().split("\\n").slice(1));
const { tier } = JSON.parse(open("./config.json"));
const above = open("../shared/above.txt").trim();
const words = [users.length, users[1], tier, above].join(" ");
if (words !== "2 u2 gold up") throw new Error("read " + words);
function default_1() { throw new Error("the scenario calls another function"); }
exports.shop = () => check(http_1.default.get(__ENV.TARGET_URL), { answered: ({ status }) => status === 200 });
`;

const files = {
  "perf/load.js": script,
  "perf/data/users.csv": "user\nu1\nu2\n",
  "perf/config.json": '{"tier":"gold"}',
  "perf/protos/shop.proto":
    'syntax = "proto3"; package shop; import "item.proto"; service Shop { rpc Buy (Item) returns (Item) {} }',
  "perf/protos/common/item.proto": 'syntax = "proto3"; package shop; message Item { string name = 1; }',
  "shared/above.txt": "up\n",
};

async function suiteWith(world: ApiWorld): Promise<string> {
  const folder = await copyFixture(world, {
    fixture: "pods",
    edit: (suite) => {
      suite.setIn(["load", "script"], "perf/load.js");
      suite.setIn(["load", "runners"], 2);
      suite.deleteIn(["profiles", "range"]);
    },
  });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

testNeeding(["cluster", "k6"], "a CommonJS script and what it opens: CSV, JSON, protos, a file above it", async (t) => {
  t.timeout(5 * 60_000);
  const world = await worldFor(t);
  const suite = await suiteWith(world);
  const { exitCode, stderr, out } = await runOnCluster(world, suite);
  t.is(exitCode, 0, stderr);
  const { run, trials } = storedIn(out);
  t.deepEqual(run.script?.files.toSorted(), [
    "../shared/above.txt",
    "config.json",
    "data/users.csv",
    "protos/common/item.proto",
    "protos/shop.proto",
  ]);
  t.like(trials[0], { valid: true, fault: null });
  t.like(trials[0]?.script.checks[0], { name: "answered", failed: 0 });
  t.true(trials[0]?.thresholds[0]?.kept);

  // Without Go and without k6 nobody knows which files those are.
  const env = { PATH: "/usr/bin:/bin", XDG_CACHE_HOME: join(world.folder, "cache"), NO_COLOR: "1" };
  const args = [mainFile(), "run", suite, "--cluster", world.own.file, "--results", join(world.folder, "none")];
  const refused = await execa(process.execPath, args, { reject: false, cwd: world.folder, env, extendEnv: false });
  t.is(refused.exitCode, 3, refused.stderr);
  t.regex(refused.stderr, /the script opens files, or has scenarios: which ones is what k6 on this machine tells/);
  t.deepEqual(await objectsOfRuns(world), []);
});
