import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import test from "ava";
import { parse } from "yaml";
import { called } from "../helpers/calls.ts";
import { temporaryFolder, treeFile, tunebench } from "../helpers/cli.ts";

for (const scenario of ["port-exhaustion", "mysql-no-pool", "accept-queue", "keep-alive", "one-cpu", "failover"]) {
  test(`init ${scenario} into an empty folder: plan works there, and nothing is overwritten`, async (t) => {
    const folder = await temporaryFolder(t);
    const made = await called(["init", "--scenario", scenario], { cwd: folder });
    t.like(made, { exitCode: 0, stdout: folder }, made.stderr);
    t.regex(made.stderr, /next: .*tunebench run \./);
    const names = readdirSync(treeFile("scenarios", scenario)).filter((name) => /\.(ts|yaml)$/.test(name));
    for (const name of [...names, "lib/k6.ts"]) t.true(existsSync(join(folder, name)), name);
    const suite = readFileSync(join(folder, "suite.yaml"), "utf8");
    t.regex(suite, /^# yaml-language-server: \$schema=\.\/suite\.schema\.json\nname: /);
    t.deepEqual(readFileSync(join(folder, "suite.schema.json")), readFileSync(treeFile("suite.schema.json")));
    for (const variant of names.filter((name) => name.endsWith(".yaml"))) {
      t.regex(
        readFileSync(join(folder, variant), "utf8"),
        /^# yaml-language-server: \$schema=\.\/suite\.schema\.json\n/,
      );
      const ofVariant = await called(["plan", variant], { cwd: folder });
      t.is(ofVariant.exitCode, 0, ofVariant.stderr);
    }
    t.notRegex(readFileSync(join(folder, "load.ts"), "utf8"), /\.\.\/lib/);
    const plan = await called(["plan"], { cwd: folder });
    t.is(plan.exitCode, 0, plan.stderr);
    const again = await called(["init", "--scenario", "keep-alive"], { cwd: folder });
    t.is(again.exitCode, 2);
    t.regex(again.stderr, /has .*suite\.yaml.* already\n {2}name another folder/);
    t.is(readFileSync(join(folder, "suite.yaml"), "utf8"), suite);
  });
}

test("init says what the scenario's service needs, and its package.json has it", async (t) => {
  const { devDependencies } = JSON.parse(readFileSync(treeFile("package.json"), "utf8"));
  const folder = await temporaryFolder(t);
  const made = await called(["init", "a", "--scenario", "mysql-no-pool"], { cwd: folder });
  t.regex(made.stderr, /next: npm install --prefix a, then tunebench run a$/);
  const written = JSON.parse(readFileSync(join(folder, "a/package.json"), "utf8"));
  const types = { "@types/k6": devDependencies["@types/k6"] };
  const own = { mysql2: devDependencies.mysql2 };
  t.deepEqual(written, { private: true, type: "module", dependencies: own, devDependencies: types });

  writeFileSync(join(folder, "package.json"), "{}");
  const added = await called(["init", "--scenario", "mysql-no-pool"], { cwd: folder });
  const [k6, mysql2] = ["@types/k6", "mysql2"].map((name) => `${name}@${devDependencies[name]}`);
  const install = `npm install --prefix . --save-dev ${k6} (types for an editor), then npm install --prefix . ${mysql2}, then`;
  t.true(added.stderr.includes(`next: ${install} tunebench run .`), added.stderr);
  t.is(readFileSync(join(folder, "package.json"), "utf8"), "{}");

  const plain = await called(["init", "b"], { cwd: folder });
  t.regex(plain.stderr, /next: npm install --prefix b \(types for an editor\), then tunebench run b$/);
  t.like(JSON.parse(readFileSync(join(folder, "b/package.json"), "utf8")), { private: true, devDependencies: types });
  t.is(readFileSync(join(folder, "b/.gitignore"), "utf8"), "node_modules/\nresults/\n");
});

test("init DIR makes the folder", async (t) => {
  const folder = await temporaryFolder(t);
  const { exitCode, stdout, stderr } = await called(["init", "a/b"], { cwd: folder });
  t.is(exitCode, 0, stderr);
  t.is(stdout, join(folder, "a/b"));
  t.is((await called(["plan", "a/b"], { cwd: folder })).exitCode, 0);
});

for (const name of ["lib/k6.ts", "suite.schema.json"]) {
  test(`init keeps a ${name} that is there`, async (t) => {
    const folder = await temporaryFolder(t);
    mkdirSync(join(folder, "lib"));
    writeFileSync(join(folder, name), "mine");
    const { exitCode, stderr } = await called(["init"], { cwd: folder });
    t.is(exitCode, 2);
    t.true(stderr.includes(`has ${name} already`), stderr);
    t.is(readFileSync(join(folder, name), "utf8"), "mine");
    t.false(existsSync(join(folder, "suite.yaml")));
  });
}

/** Listens where it is told, answers /health alone, and dials what the test listens on. */
const service = `
const { connect } = require("node:net");
require("node:http")
  .createServer((request, response) => {
    response.statusCode = request.url === "/health" ? 200 : 404;
    response.end();
  })
  .listen(Number(process.env.PORT), process.env.LISTEN_HOST);
connect(Number(process.argv[2]), "127.0.0.1");
`;

test("init --command: what it listens on, answers and dials is found, and nothing of it goes on", async (t) => {
  const folder = await temporaryFolder(t);
  const upstream = createServer().listen(0, "127.0.0.1");
  t.teardown(() => upstream.close());
  await once(upstream, "listening");
  const { port } = upstream.address() as AddressInfo;
  const gone = new Promise((resolve) => upstream.once("connection", (socket) => socket.on("close", resolve).resume()));
  writeFileSync(join(folder, "service.cjs"), service);
  writeFileSync(join(folder, ".gitignore"), "dist/\n");
  const made = await tunebench(["init", "perf", "--command", `node service.cjs "${port}"`], { cwd: folder });
  t.is(made.exitCode, 0, made.stderr);
  t.regex(
    made.stderr,
    /next: npm install --prefix perf \(types for an editor\), then tunebench try perf, then tunebench run perf$/,
  );
  await gone;
  const suite = readFileSync(join(folder, "perf/suite.yaml"), "utf8");
  t.true(
    suite.includes(
      `  command: ["node","../service.cjs","${port}"]\n  port: 8080 # found: it listens where PORT says\n`,
    ),
    suite,
  );
  t.true(suite.includes('  ready: { http: "/health", within: 20s } # found: it answered 200\n'), suite);
  t.regex(
    suite,
    new RegExp(
      `^#   upstream-${port}: \\{ port: ${port}, command: \\[.*\\] \\} # what listens at 127\\.0\\.0\\.1:${port}$`,
      "m",
    ),
  );
  t.true(readFileSync(join(folder, "perf/load.ts"), "utf8").includes("/health`"));
  const plan = await called(["plan", "perf"], { cwd: folder });
  t.is(plan.exitCode, 0, plan.stderr);
  t.regex(plan.stdout, /^perf: the baseline alone/);
});

test("init --command of what listens nowhere says that its port is guessed; what only a shell reads is refused", async (t) => {
  const folder = await temporaryFolder(t);
  const made = await called(["init", "--command", "node --version"], { cwd: folder });
  t.is(made.exitCode, 0, made.stderr);
  t.regex(readFileSync(join(folder, "suite.yaml"), "utf8"), /^ {2}port: 8080 # guessed: it listened nowhere/m);
  const shell = await called(["init", "a", "--command", "node a.js | tee log"], { cwd: folder });
  t.is(shell.exitCode, 2);
  t.regex(shell.stderr, /no command that runs without a shell: node a\.js \| tee log/);
});

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart }
spec:
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: cart, image: "cart:1", ports: [{ containerPort: 7070 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: cart }
spec: { selector: { app: cart }, ports: [{ port: 7070 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: "web:1"
          env: [{ name: CART, value: "http://cart:7070/" }]
          ports: [{ name: http, containerPort: 9898 }]
          readinessProbe: { httpGet: { path: /ready, port: http } }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web-test, annotations: { "helm.sh/hook": test } }
spec: { containers: [{ name: curl, image: "curl:8" }] }
`;

test("init --manifest: who dials whom, ports and probes are found in the file", async (t) => {
  const folder = await temporaryFolder(t);
  writeFileSync(join(folder, "shop.yaml"), manifest);
  const made = await called(["init", "perf", "--manifest", "shop.yaml"], { cwd: folder });
  t.is(made.exitCode, 0, made.stderr);
  t.regex(made.stderr, /tunebench run perf --cluster NAME$/);
  t.is(readFileSync(join(folder, "perf/shop.yaml"), "utf8"), manifest, "a suite's files lie in its folder");
  const { target, upstreams } = parse(readFileSync(join(folder, "perf/suite.yaml"), "utf8"));
  t.like(target, { port: 9898, ready: { http: "/ready" } });
  t.deepEqual(target.kubernetes, { manifest: { file: "shop.yaml", workload: "Deployment/web" } });
  t.like(upstreams.cart, { port: 7070, kubernetes: { manifest: { workload: "Deployment/cart" } } });
  const plan = await called(["plan", "perf", "--cluster", "one-node"], { cwd: folder });
  t.is(plan.exitCode, 0, plan.stderr);
});
