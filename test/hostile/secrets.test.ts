/** What looks like a secret is in no record of a run; what a suite takes from the environment is never stored. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { isSecretName, redactedCommand, redactedValue } from "../../harness/core/secrets.ts";
import { k6Program } from "../../harness/engines/k6/k6-program.ts";
import { calibrationDifferences } from "../../harness/experiment/calibration.ts";
import { copySuite, digestsOf } from "../../harness/experiment/copy-suite.ts";
import { profileRecord } from "../../harness/experiment/run-record.ts";
import { secretTexts } from "../../harness/experiment/suite-secrets.ts";
import { interpolate } from "../../harness/suite/interpolate.ts";
import { loadSuite } from "../../harness/suite/load-suite.ts";
import { SuiteError } from "../../harness/suite/problems.ts";
import { loadOrder } from "../../harness/testbeds/testbed.ts";
import { temporaryFolder } from "../helpers/cli.ts";
import { runRecord } from "../helpers/trial-builder.ts";

const secrets = [
  "hunter2",
  "s3cr\\u0065t-url",
  "secret-url",
  "tok-1",
  "12345",
  "pro-file",
  "up-stream",
  "level-two",
  "arg-pass",
];

const suiteText = `name: secretive
target:
  command: [node, target.ts, --db-password=arg-pass, --token, tok-1]
  port: 8080
  env:
    DB_PASSWORD: hunter2
    DATABASE_URL: "mysql://app:s3cr\\u0065t-url@db/x"
    PIN_SECRET: 12345
    TAKEN_TOKEN: "\${env.TUNEBENCH_TEST_TOKEN}"
    HARMLESS: kept
load: { script: load.ts, rate: 100/s, env: { API_KEY: "tok-1", SESSION_TOKEN: "\${env.TUNEBENCH_TEST_TOKEN}" } }
upstreams:
  db: { command: [node, db.ts], port: 3306, env: { AUTH_TOKEN: up-stream } }
  mysql: { command: [node, db.ts], port: 3307, env: { ROOT_PASSWORD: mysql, ATTEMPTS_KEY: 1 } }
blocks: 1
stop: { after: 5s }
profiles:
  baseline: {}
  other: { env: { DB_PASSWORD: pro-file }, upstreams: { db: { env: { AUTH_TOKEN: up-stream } } } }
`;

const variable = "TUNEBENCH_TEST_TOKEN";
const taken = "the-token-of-the-environment";

async function suiteIn(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  writeFileSync(join(folder, "suite.yaml"), suiteText);
  writeFileSync(join(folder, "load.ts"), "export default () => {};");
  return { folder, suite: await loadSuite(folder, { TUNEBENCH_TEST_TOKEN: taken }) };
}

test("profiles in run.json, factors' levels too", async (t) => {
  const { suite } = await suiteIn(t);
  const [, other] = suite.profiles;
  if (other === undefined) throw new Error("the suite has two profiles");
  const env = { DB_PASSWORD: "level-two" };
  const leveled = { ...other, env, levels: { password: "level-two" }, command: suite.target.command };
  const text = JSON.stringify([other, leveled].map((profile) => profileRecord(suite, profile, null)));
  t.deepEqual(
    secrets.filter((secret) => text.includes(secret)),
    [],
  );
});

test("the suite's copy has none of them, can be read, and is the same suite to a calibration", async (t) => {
  const { folder, suite } = await suiteIn(t);
  const run = await temporaryFolder(t);
  mkdirSync(join(run, "suite"));
  const { digests } = digestsOf(suite, join(folder, "results"));
  copySuite(digests, folder, join(run, "suite"), secretTexts(suite));
  const text = readFileSync(join(run, "suite/suite.yaml"), "utf8");
  t.deepEqual(
    secrets.filter((secret) => text.includes(secret)),
    [],
    text,
  );
  t.true(text.includes("HARMLESS: kept") && text.includes(`\${env.${variable}}`));
  const { provenance } = runRecord();
  const copy = await loadSuite(join(run, "suite"));
  t.deepEqual(calibrationDifferences({ suite: copy, provenance }, { suite, provenance }), []);
});

test("a value of the environment is asked for where the suite takes it, before a run and not for a plan", async (t) => {
  const { folder, suite } = await suiteIn(t);
  t.is(suite.target.env.TAKEN_TOKEN, `\${env.${variable}}`);
  const error = (await t.throwsAsync(loadSuite(folder, {}), { instanceOf: SuiteError })) as SuiteError;
  t.deepEqual(
    error.problems.map(({ line }) => line),
    [9, 11],
  );
  t.regex(error.message, /the environment has no TUNEBENCH_TEST_TOKEN/);
  await t.notThrowsAsync(loadSuite(folder));
});

test.serial("it reaches the part and the load by their environment, never by a command line of k6", async (t) => {
  const { suite } = await suiteIn(t);
  process.env.TUNEBENCH_TEST_TOKEN = taken;
  t.teardown(() => delete process.env.TUNEBENCH_TEST_TOKEN);
  t.is(interpolate(suite.target.env.TAKEN_TOKEN ?? "", {}), taken);
  const order = loadOrder(suite, { target: "198.18.0.2", db: "198.18.1.2", mysql: "198.18.2.2" }, "/data");
  const { argv, env } = k6Program({ ...order, program: "/k6", scriptFile: "/load.js", exportTo: "127.0.0.1:4318" });
  t.is(env.SESSION_TOKEN, taken);
  t.deepEqual(
    argv.filter((word) => word.includes(taken) || word.includes("tok-1")),
    [],
  );
});

test("names and forms of secrets", (t) => {
  const named = [
    "PASSWORD",
    "db_passwd",
    "API_TOKEN",
    "CLIENT_SECRET",
    "AWS_SECRET_ACCESS_KEY",
    "APIKEY",
    "SENTRY_DSN",
  ];
  t.deepEqual(named.filter(isSecretName), named);
  const plain = ["KEYSPACE", "MONKEY", "PORT", "AUTHOR", "DB_HOST"];
  t.deepEqual(plain.filter(isSecretName), []);
  t.is(redactedValue("URL", "redis://:pw@h/0"), "redis://:(redacted)@h/0");
  t.is(redactedValue("URL", "http://h/0"), "http://h/0");
  t.is(redactedValue("URL", "mysql://app:p@s:s@h/0 http://a:b@h"), "mysql://app:(redacted)@h/0 http://a:(redacted)@h");
  t.deepEqual(
    redactedCommand(["p", "--token", "x", "--key=y", "API_TOKEN=z", "--port", "1", "--password", "--verbose"]),
    [
      "p",
      "--token",
      "(redacted)",
      "--key=(redacted)",
      "API_TOKEN=(redacted)",
      "--port",
      "1",
      "--password",
      "--verbose",
    ],
  );
});
