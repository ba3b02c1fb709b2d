/** tunebench among the devDependencies of a repository of one's own, from a tarball and from git, on the Nodes that people have. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import { readRun } from "../../harness/results/read.ts";
import { temporaryFolder, treeFile } from "../helpers/cli.ts";
import { copyTree, npmEnv, packTree } from "../helpers/packed.ts";
import { testNeeding } from "../helpers/parts.ts";

const quick = ["install", "--no-audit", "--no-fund", "--prefer-offline"];

/** A repository with a service, and with this Node first on its npm's PATH. */
async function repository(t: ExecutionContext, folder: string, node: string, tunebench: string) {
  const own = join(folder, `node-${node}`);
  mkdirSync(own);
  writeFileSync(join(own, "package.json"), JSON.stringify({ name: "own", private: true }));
  const { stderr } = await execa("npm", [...quick, "--save-dev", `node@${node}`, tunebench], { cwd: own, env: npmEnv });
  t.log(node, stderr);
  writeFileSync(join(own, "server.mjs"), server);
  return (...args: string[]) => execa("npx", ["--no", "tunebench", ...args], { cwd: own, reject: false, env: npmEnv });
}

const server = `import { createServer } from "node:http";
createServer((request, response) => response.end("ok")).listen(Number(process.env.PORT), process.env.LISTEN_HOST);
`;

/** init, try and run of the service that lies there. */
async function proveWhole(t: ExecutionContext, npx: Awaited<ReturnType<typeof repository>>, folder: string) {
  const made = await npx("init", "perf", "--command", "node server.mjs");
  t.is(made.exitCode, 0, made.stderr);
  t.regex(made.stderr, /then npx tunebench try perf, then npx tunebench run perf$/);
  const tried = await npx("try", "perf");
  t.is(tried.exitCode, 0, tried.stderr + tried.stdout);
  const run = await npx("run", "perf");
  t.is(run.exitCode, 0, run.stderr);
  const [id = ""] = readdirSync(join(folder, "results"));
  t.like(readRun(join(folder, "results", id)).trials[0], { valid: true, outcome: "held" });
}

testNeeding(
  ["namespaces", "k6", "npm"],
  "a packed tarball: Node 20 is refused with exit 3, 22.18 and 24 run a suite",
  async (t) => {
    t.timeout(20 * 60_000);
    const folder = await temporaryFolder(t);
    const tarball = await packTree(folder);
    const old = await (await repository(t, folder, "20", tarball))("run", "perf");
    t.is(old.exitCode, 3, old.stderr);
    t.regex(old.stderr, /this is Node 20\.\d+\.\d+, and 22\.18 or newer is needed\n {2}run it with a newer one/);
    for (const node of ["22.18.0", "24"]) {
      await proveWhole(t, await repository(t, folder, node, tarball), join(folder, `node-${node}`));
    }
  },
);

testNeeding(["namespaces", "k6", "npm"], "a git URL: built where it is installed, and run", async (t) => {
  t.timeout(20 * 60_000);
  const folder = await temporaryFolder(t);
  const tree = copyTree(folder);
  const git = (...args: string[]) => execa("git", args, { cwd: tree, env: identity });
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "all");
  const npx = await repository(t, folder, "22.18.0", `git+file://${tree}`);
  await proveWhole(t, npx, join(folder, "node-22.18.0"));
  t.false(readdirSync(join(folder, "node-22.18.0/node_modules/tunebench")).includes("harness"), treeFile());
});

const identity = {
  GIT_AUTHOR_NAME: "test",
  GIT_AUTHOR_EMAIL: "test@example.org",
  GIT_COMMITTER_NAME: "test",
  GIT_COMMITTER_EMAIL: "test@example.org",
};
