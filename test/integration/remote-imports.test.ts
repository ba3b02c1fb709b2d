import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { tunebench } from "../helpers/cli.ts";
import { type ModuleServer, serveModules } from "../helpers/https-modules.ts";
import { testNeeding } from "../helpers/parts.ts";
import { openQuickWorld } from "../helpers/quick-world.ts";
import { onlyRun, said, startRun, startTunebench } from "../helpers/whole-run.ts";

/** A suite whose script imports from a server of the test's own. */
interface World extends ModuleServer {
  cache: string;
  /** `tunebench plan` of a script that imports this. */
  plan(path: string): ReturnType<typeof tunebench>;
}

async function openWorld(t: ExecutionContext): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "tunebench-imports-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const modules = await serveModules(t, folder, served);
  const { url, ca } = modules;
  const cache = join(folder, "cache");
  return {
    ...modules,
    cache,
    plan(path) {
      writeFileSync(join(folder, "suite.yaml"), suite);
      writeFileSync(join(folder, "load.js"), `import { seven } from "${url}${path}";\nexport default () => seven();\n`);
      // No k6 is looked for: what is bundled is asked here.
      const env = { NODE_EXTRA_CA_CERTS: ca, XDG_CACHE_HOME: cache, PATH: "/usr/bin:/bin" };
      return tunebench(["plan", folder], { env });
    },
  };
}

const suite =
  'name: imports\ntarget: {command: ["true"], port: 8080}\nload: {script: load.js, rate: 10/s}\nstop: {after: 1s}\n';

const served = {
  "/moved.js": { location: "/lib/index.js" },
  "/away.js": { location: "http://127.0.0.1/index.js" },
  "/lib/index.js": 'export { seven } from "./seven.js";\n',
  "/lib/seven.js": 'import { sleep } from "k6";\nexport const seven = () => sleep(7);\n',
};

test("a module imported by https is fetched once, redirects and what it imports too", async (t) => {
  const { plan, asked, server, cache } = await openWorld(t);
  t.is((await plan("/moved.js")).exitCode, 0);
  t.deepEqual(asked, ["/moved.js", "/lib/index.js", "/lib/seven.js"]);
  server.close();
  server.closeAllConnections();
  t.is((await plan("/moved.js")).exitCode, 0, "from the cache");
  for (const file of readdirSync(join(cache, "tunebench", "imports"))) {
    const { sha256, text } = JSON.parse(readFileSync(join(cache, "tunebench", "imports", file), "utf8"));
    t.is(sha256, createHash("sha256").update(text).digest("hex"));
  }
});

test("what can't be had is told at its place, with what to do: 404, plain http, no network", async (t) => {
  const { plan, server } = await openWorld(t);
  const gone = await plan("/gone.js");
  t.is(gone.exitCode, 2);
  t.regex(gone.stderr, /load\.js:1:23: https:\/\/127\.0\.0\.1:\d+\/gone\.js can't be fetched: HTTP 404/);
  t.regex(gone.stderr, /put the file beside the script/);
  t.regex((await plan("/away.js")).stderr, /can't be fetched: it leads to http:.*only https is followed/);
  server.close();
  server.closeAllConnections();
  const offline = await plan("/lib/index.js");
  t.is(offline.exitCode, 2);
  t.regex(offline.stderr, /can't be fetched: connect ECONNREFUSED/);
});

test("a copy that no longer has its digest is fetched again, or refused where it can't be", async (t) => {
  const { plan, asked, server, cache } = await openWorld(t);
  await plan("/lib/seven.js");
  const folder = join(cache, "tunebench", "imports");
  const [name = ""] = readdirSync(folder);
  const change = () => {
    const copy = JSON.parse(readFileSync(join(folder, name), "utf8"));
    writeFileSync(join(folder, name), JSON.stringify({ ...copy, text: `${copy.text}// changed\n` }));
  };
  change();
  t.is((await plan("/lib/seven.js")).exitCode, 0);
  t.is(asked.length, 2);
  change();
  server.close();
  server.closeAllConnections();
  const refused = await plan("/lib/seven.js");
  t.is(refused.exitCode, 2);
  t.regex(refused.stderr, /its copy in the cache was changed \(it has another digest\), and connect ECONNREFUSED/);
});

testNeeding(
  ["namespaces", "k6"],
  "run.json has the digests of what was imported, and resume notices another",
  async (t) => {
    const world = await openQuickWorld(t, 1, (document) => {
      document.setIn(["load", "script"], "load.js");
      document.deleteIn(["profiles", "reuse"]);
    });
    const modules: Record<string, string> = {
      "/path.js": "export const path = (a, b, c) => (a<b>(c) ? '/b' : '/a');\n",
    };
    const { url, ca } = await serveModules(t, join(world.folder, "keys"), modules);
    const script = `import http from "k6/http";
import { path } from "${url}/path.js";
export default () => { http.get(__ENV.TARGET_URL + path(1, 2, 3)); };
`;
    writeFileSync(join(world.suite, "load.js"), script);
    const options = { ...world, env: { ...world.env, NODE_EXTRA_CA_CERTS: ca } };
    const begun = startRun(options);
    await said(begun, /trial 1\/1 .* started/);
    begun.kill("SIGINT");
    t.is((await begun).exitCode, 130);
    const { run } = onlyRun(world);
    const digest = createHash("sha256")
      .update(modules["/path.js"] ?? "")
      .digest("hex");
    t.is(run.digests[`${url}/path.js`], digest);

    modules["/path.js"] = "export const path = () => '/c';\n";
    rmSync(join(world.home, "tunebench/imports"), { recursive: true });
    const resumed = await startTunebench(options, ["resume", "latest"]);
    t.is(resumed.exitCode, 2, resumed.stderr);
    t.true(resumed.stderr.includes(`\n  ${url}/path.js was changed\n`), resumed.stderr);
  },
);
