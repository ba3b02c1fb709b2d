/** From a live service to an experiment, and from a delivery back to it: --suite and --expect on a real service of this machine. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { parseSuite } from "../../harness/suite/parse.ts";
import { temporaryFolder, tunebench } from "../helpers/cli.ts";
import { testNeeding } from "../helpers/parts.ts";

const parts = ["linux", "namespaces"] as const;
const asRoot = process.getuid?.() === 0;

/** Answers over one connection, as a database would that its caller dials anew each time. */
const upstream = `
import { createServer } from "node:http";
createServer((_, answer) => answer.end("row")).listen(3306, "127.0.0.1", () => console.log("ready"));
`;
const service = `
import { createServer, get } from "node:http";
const [host, port] = process.env.DB_ADDRESS.split(":");
createServer((_, answer) => {
  const asked = get({ host, port, agent: false }, (row) => row.pipe(answer));
  asked.on("error", (error) => answer.writeHead(502).end(error.code));
}).listen(8080, () => console.log("ready"));
`;
const load = `
import { get } from "node:http";
const ask = () => get({ port: 8080, agent: false }, (answer) => answer.resume().on("end", () => console.log("ready"))).on("error", () => {});
setInterval(ask, 25);
`;

/** The service, what it dials and who asks it, in a network namespace of their own; pid of the service. */
async function openShop(t: ExecutionContext, folder: string): Promise<number> {
  const flags = asRoot ? [] : ["--user", "--map-root-user"];
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o644 });
  write("db.mjs", upstream);
  write("shop.mjs", service);
  write("load.mjs", load);
  const start = async (argv: string[], env: Record<string, string> = {}) => {
    const [program = "", ...args] = argv;
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    t.teardown(() => child.kill("SIGKILL"));
    await once(child.stdout, "data");
    return child.pid ?? 0;
  };
  const up = 'ip link set lo up && exec "$0" db.mjs';
  const db = await start(["unshare", ...flags, "--net", "sh", "-c", up, process.execPath]);
  const enter = ["nsenter", "-t", String(db), ...(asRoot ? [] : ["--user", "--preserve-credentials"]), "--net"];
  const secrets = { API_TOKEN: "s3cret-token", DB_ADDRESS: "127.0.0.1:3306", GREETING: "hello" };
  const shop = await start([...enter, process.execPath, "shop.mjs", "--db-password=hunter2"], secrets);
  await start([...enter, process.execPath, "load.mjs"]);
  return shop;
}

testNeeding([...parts, "k6"], "a suite of a live service: it is tried, and no secret is in it", async (t) => {
  t.timeout(3 * 60_000, "a look and a trial");
  const folder = await temporaryFolder(t);
  const pid = await openShop(t, folder);
  const dir = join(folder, "experiment");
  const seen = await tunebench(["observe", "--pid", String(pid), "--for", "3s", "--suite", dir, "--path", "/cart"]);
  t.true(seen.exitCode === 0 || seen.exitCode === 1, seen.stderr);
  const text = readFileSync(join(dir, "suite.yaml"), "utf8");
  t.notRegex(text, /s3cret|hunter2/);
  const { name, target, upstreams, load } = parseSuite(text, join(dir, "suite.yaml"));
  t.is(name, "shop-mjs");
  t.is(target.port, 8080);
  t.deepEqual(target.command.slice(1), [join(folder, "shop.mjs"), `--db-password=\${env.DB_PASSWORD}`]);
  t.like(target.env, { GREETING: "hello", API_TOKEN: `\${env.API_TOKEN}` });
  t.deepEqual(
    Object.entries(upstreams).map(([name, { port }]) => [name, port]),
    [["mysql", 3306]],
  );
  t.is(target.env.DB_ADDRESS, `\${upstreams.mysql.host}:\${upstreams.mysql.port}`);
  t.is(load.keepConnections, false);
  t.true(load.rate.startPerSecond >= 1 && load.rate.startPerSecond < 200, `${load.rate.startPerSecond}`);
  t.regex(readFileSync(join(dir, "load.ts"), "utf8"), /request\("\/cart"\)/);
  const tried = await tunebench(["try", dir], { env: { API_TOKEN: "x", DB_PASSWORD: "y" } });
  t.is(tried.exitCode, 0, tried.stdout + tried.stderr);
  const again = await tunebench(["observe", "--pid", String(pid), "--for", "1s", "--suite", dir]);
  t.is(again.exitCode, 2);
  t.is(again.stdout, "");
});

const delivered = (value: string, scope = "pod") => ({
  ...{ schemaVersion: 1, platform: "linux", purpose: "rollout", kubernetes: null, suite: null },
  run: { id: "20261121T080225Z-shop-3f9a", profile: "keepalive", baseline: "baseline", sha256: null },
  settings: [{ role: "target", key: "net.ipv4.tcp_keepalive_time", value, scope, where: [] }],
  ...{ allowlist: { keys: [], where: [] }, nodeSelector: null, workloads: [], conditions: [], leftOut: [] },
});

testNeeding(["linux"], "--expect: what was delivered is there, or is not, or is no delivery", async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, "delivery.json");
  const here = readFileSync("/proc/sys/net/ipv4/tcp_keepalive_time", "utf8").trim();
  const expected = async (value: string, ...args: string[]) => {
    writeFileSync(file, JSON.stringify(delivered(value)));
    return await tunebench(["observe", "--pid", String(process.pid), "--expect", folder, ...args]);
  };
  const there = await expected(here);
  t.is(there.exitCode, 0, there.stderr);
  t.regex(there.stdout, /^All is there: 1 value in 1 place\.$/m);
  const missing = await expected("1", "--format", "json");
  t.is(missing.exitCode, 1, missing.stderr);
  const { held } = JSON.parse(missing.stdout) as { held: object[] };
  t.like(held, [{ key: "net.ipv4.tcp_keepalive_time", expected: "1", found: here, arrival: { state: "has-not" } }]);
  writeFileSync(file, "{}");
  const none = await tunebench(["observe", "--pid", "1", "--expect", file]);
  t.is(none.exitCode, 2);
  t.regex(none.stderr, /is no delivery\.json/);
});

testNeeding(
  [...parts],
  "--expect: what a container was given is in a network of its own, and not in the machine's",
  async (t) => {
    const file = join(await temporaryFolder(t), "delivery.json");
    const enter = ["--net", "sh", "-c", 'cat "$0" && exec cat', "/proc/sys/net/ipv4/tcp_keepalive_time"];
    const child = spawn("unshare", [...(asRoot ? [] : ["--user", "--map-root-user"]), ...enter]);
    t.teardown(() => child.kill("SIGKILL"));
    const [value] = await once(child.stdout, "data");
    writeFileSync(file, JSON.stringify(delivered(String(value).trim(), "container")));
    const look = async (pid: number | undefined) =>
      await tunebench(["observe", "--pid", String(pid), "--expect", file]);
    const there = await look(child.pid);
    t.is(there.exitCode, 0, there.stdout + there.stderr);
    const host = await look(process.pid);
    t.is(host.exitCode, 3, host.stdout + host.stderr);
    t.regex(host.stdout, /Not looked at: \S+ is a container's, which/);
  },
);

testNeeding(["linux"], "what does not go together is said before anything is looked at", async (t) => {
  const cases: [string[], RegExp][] = [
    [["--pid", "1", "--suite", "x", "--expect", "y"], /two things to do/],
    [["--pid", "1", "--suite", "x", "--watch"], /--watch has no end/],
    [["--node", "--suite", "x"], /--suite is of one service/],
    [["--pid", "1", "--path", "/x"], /--path is what the load of --suite asks for/],
    [["--pid", "1", "--suite", "x", "--path", "x"], /is no path/],
    [["--pid", "1", "--cluster", "one-node"], /--cluster says where/],
    [["--pod", "web"], /is no NAMESPACE\/NAME/],
    [["--workload", "shop/web"], /is no NAMESPACE\/KIND\/NAME/],
    [["--pod", "a/b", "--workload", "a/job/b"], /two things to look at/],
  ];
  for (const [args, words] of cases) {
    const { exitCode, stderr, stdout } = await tunebench(["observe", ...args]);
    t.is(exitCode, 2, args.join(" "));
    t.is(stdout, "");
    t.regex(stderr, words);
    t.false(existsSync("x"));
  }
});
