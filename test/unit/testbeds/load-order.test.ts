import test from "ava";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { referencesOf } from "../../../harness/testbeds/references.ts";
import { loadOrder } from "../../../harness/testbeds/testbed.ts";
import { suiteText } from "../../helpers/suite-files.ts";

const ref = (name: string) => `\${${name}}`;

const withEnv = (env: Record<string, string>) =>
  parseSuite(
    suiteText("ports").replace(/^load:\n/m, () => `load:\n  env: ${JSON.stringify(env)}\n`),
    "/s/suite.yaml",
  );

const env = {
  API: `http://${ref("target.address")}/v1`,
  DB: `${ref("upstreams.db.host")}:${ref("upstreams.db.port")}`,
  USERS: `${ref("folder")}/users.json`,
  OWN: ref("data"),
  PRICE: `$${ref("5")}`,
  PLAIN: "$5",
};

test("the load's variables hold what the references of parts' commands do", (t) => {
  const suite = withEnv(env);
  const { load } = loadOrder(suite, { target: "198.18.0.2", db: "198.18.1.2" }, "/tmp/t/data");
  t.deepEqual(load.env, {
    API: "http://198.18.0.2:8080/v1",
    DB: "198.18.1.2:3306",
    USERS: "/s/users.json",
    OWN: "/tmp/t/data",
    PRICE: ref("5"),
    PLAIN: "$5",
  });
});

test("a reference to nothing is told at its place, with the nearest name", (t) => {
  const { problems } = t.throws(() => withEnv({ ...env, WRONG: ref("target.adress") }), { instanceOf: SuiteError });
  t.is(problems.length, 1);
  t.regex(problems[0]?.text ?? "", /nothing is known as .*target\.adress.*did you mean "target\.address"\?/);
});

test("a trial's record has each reference that is used, once it has a value; nothing of the caller's environment", (t) => {
  const suite = withEnv({ ...env, TOKEN: ref("env.TOKEN") });
  const [profile] = suite.profiles;
  if (profile === undefined) return t.fail();
  const values = { "target.address": "198.18.0.2:8080", "upstreams.db.host": "198.18.1.2", folder: "/s", unused: "x" };
  const used = referencesOf({ suite, profile }, values);
  t.like(used, { "target.address": "198.18.0.2:8080", folder: "/s", "env.TOKEN": "(redacted)" });
  t.false("unused" in used);
  t.false("data" in used, "it has no value yet");
});
