/** A value of the caller's environment in a whole run: who is to have it has it, and nothing that anyone else reads does. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { processes } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { pidOf } from "../helpers/quick-world.ts";
import { onlyRun, openWorld, said, startTunebench, type World } from "../helpers/whole-run.ts";

const variable = "TUNEBENCH_TEST_SECRET";
const value = "s3cret-of-the-caller-9f27";

/** Serves only who sends what it has in its own environment; so does the database. */
const target = `import { createServer } from "node:http";
const { SESSION_TOKEN, DATABASE_URL, PORT, LISTEN_HOST } = process.env;
createServer(({ headers }, response) => {
  const known = headers.authorization === SESSION_TOKEN && DATABASE_URL === "mysql://app:" + SESSION_TOKEN + "@db/x";
  response.writeHead(headers.authorization === undefined || known ? 200 : 401).end();
}).listen(Number(PORT), LISTEN_HOST);
`;

const load = `import http from "k6/http";
export default () => http.get(__ENV.TARGET_URL, { headers: { authorization: __ENV.API_TOKEN } });
`;

const suite = `name: secretive
target:
  command: [node, target.ts]
  port: 8080
  env: { SESSION_TOKEN: "\${env.${variable}}", DATABASE_URL: "mysql://app:\${env.${variable}}@db/x" }
load: { script: load.ts, rate: 100/s, env: { API_TOKEN: "\${env.${variable}}" } }
stop: { after: 1s }
blocks: 1
retries: 0
profiles:
  baseline: {}
  reuse: { sysctls: { net.ipv4.tcp_tw_reuse: 1 }, env: { OTHER_KEY: "\${env.${variable}}" } }
`;

testNeeding(
  ["namespaces", "k6"],
  "it reaches part and load, is stored nowhere, and resume asks for it again",
  async (t) => {
    const files = { "suite.yaml": suite, "target.ts": target, "load.ts": load };
    const world = await openWorld(t, { files });
    const knowing = { ...world, env: { ...world.env, [variable]: value } };
    const without = await startTunebench(world, ["run", "suite"]);
    t.is(without.exitCode, 2);
    t.regex(without.stderr, /suite\.yaml:5:\d+: .*the environment has no TUNEBENCH_TEST_SECRET/);
    const run = startTunebench(knowing, ["run", "suite"]);
    await said(run, /trial 2\/2 .* started/);
    await pidOf(world, "k6");
    t.deepEqual(
      processes().filter(({ words }) => words.includes(value)),
      [],
      "in no command line",
    );
    run.kill("SIGINT");
    const cut = await run;
    t.is(cut.exitCode, 130, cut.stderr);
    const { id } = onlyRun(world).run;
    const unknowing = await startTunebench(world, ["resume", id]);
    t.is(unknowing.exitCode, 2, unknowing.stderr);
    t.regex(unknowing.stderr, /the environment has no TUNEBENCH_TEST_SECRET/);
    const resumed = await startTunebench(knowing, ["resume", id]);
    t.is(resumed.exitCode, 0, resumed.stderr);
    const { trials } = onlyRun(world);
    t.is(trials.length, 2);
    for (const { valid, faults, successes } of trials)
      t.deepEqual({ valid, faults, served: successes > 0 }, { valid: true, faults: [], served: true });
    const told = [without, cut, unknowing, resumed].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    t.false(told.some((text) => text.includes(value)));
    t.deepEqual(holding(world), []);
  },
);

/** Files that hold the value: of the results, and of all else that the run could write to. */
function holding({ folder }: World): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path).includes(value));
}
