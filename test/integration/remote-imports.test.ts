import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { tunebench } from "../helpers/cli.ts";

/** A suite whose script imports from a server of the test's own, which has a certificate of the test's own CA. */
interface World {
  url: string;
  asked: string[];
  server: Server;
  cache: string;
  /** `tunebench plan` of a script that imports this. */
  plan(path: string): ReturnType<typeof tunebench>;
}

async function openWorld(t: ExecutionContext): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "tunebench-imports-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const { key, cert, ca } = certificates(folder);
  const asked: string[] = [];
  const server = createServer({ key, cert }, ({ url = "" }, response) => {
    asked.push(url);
    if (url === "/moved.js") return response.writeHead(302, { location: "/lib/index.js" }).end();
    if (url === "/away.js") return response.writeHead(302, { location: "http://127.0.0.1/index.js" }).end();
    const text = modules[url];
    return response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cache = join(folder, "cache");
  return {
    ...{ url, asked, server, cache },
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

const modules: Record<string, string> = {
  "/lib/index.js": 'export { seven } from "./seven.js";\n',
  "/lib/seven.js": 'import { sleep } from "k6";\nexport const seven = () => sleep(7);\n',
};

function certificates(folder: string): { key: Buffer; cert: Buffer; ca: string } {
  mkdirSync(folder, { recursive: true });
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test CA", "-days", "2");
  openssl("req", ...newKey, "-keyout", "own.key", "-out", "own.csr", "-subj", "/CN=127.0.0.1");
  writeFileSync(join(folder, "own.ext"), "subjectAltName=IP:127.0.0.1\n");
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "own.ext"];
  openssl("x509", "-req", "-in", "own.csr", "-out", "own.pem", ...signing);
  const file = (name: string) => readFileSync(join(folder, name));
  return { key: file("own.key"), cert: file("own.pem"), ca: join(folder, "ca.pem") };
}

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
