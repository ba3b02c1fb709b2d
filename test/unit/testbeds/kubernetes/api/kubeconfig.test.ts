import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { stringify } from "yaml";
import { InputError } from "../../../../../harness/core/errors.ts";
import { loadKubeconfig } from "../../../../../harness/testbeds/kubernetes/api/kubeconfig.ts";
import { temporaryFolder } from "../../../../helpers/cli.ts";

const secret = "a-token-that-nobody-must-read";

function config(name: string, current: string | null = name): object {
  return {
    ...(current === null ? {} : { "current-context": current }),
    contexts: [{ name, context: { cluster: `${name}-cluster`, user: `${name}-user` } }],
    clusters: [{ name: `${name}-cluster`, cluster: { server: `https://${name}.example` } }],
    users: [{ name: `${name}-user`, user: { token: secret } }],
  };
}

async function fileOf(t: ExecutionContext, text: string): Promise<string> {
  const file = join(await temporaryFolder(t), "config");
  writeFileSync(file, text);
  return file;
}

const asked = { kubeconfig: null, context: null, file: "/suites/clusters/perf/cluster.yaml" };

test("the cluster file's kubeconfig and context come first", async (t) => {
  const file = await fileOf(t, stringify(config("staging", null)));
  const loaded = loadKubeconfig({ ...asked, kubeconfig: file, context: "staging" }, { KUBECONFIG: "/nowhere" });
  t.is(loaded.getCurrentCluster()?.server, "https://staging.example");
});

test("KUBECONFIG may name several files: the first that is there chooses, the others add", async (t) => {
  const [one, two] = [await fileOf(t, stringify(config("one"))), await fileOf(t, stringify(config("two")))];
  const env = { KUBECONFIG: `/nowhere:${one}:${two}` };
  t.is(loadKubeconfig(asked, env).getCurrentContext(), "one");
  t.is(loadKubeconfig({ ...asked, context: "two" }, env).getCurrentCluster()?.server, "https://two.example");
});

const faults: [string, string, RegExp][] = [
  ["text that is not YAML", `users: [{token: ${secret}\n  - : {`, /can't be used: it holds no readable YAML$/],
  ["a file that is something else", `- ${secret}\n`, /no context is chosen/],
  ["an empty file", "", /it holds no readable YAML$/],
  [
    "an entry without its name",
    stringify({ ...config("a"), clusters: [{ cluster: {} }] }),
    /clusters\[0\]\.name is missing$/,
  ],
  ["a context whose user is not there", stringify({ ...config("a"), users: [] }), /names a user that is not there$/],
];

for (const [title, text, says] of faults) {
  test(`${title} is told without its contents`, async (t) => {
    const kubeconfig = await fileOf(t, text);
    const error = t.throws(() => loadKubeconfig({ ...asked, kubeconfig }, {}), { instanceOf: InputError });
    t.regex(error?.message ?? "", says);
    t.false(`${error?.stack}${error?.hint}`.includes(secret));
  });
}

test("a context that is not there: the nearest one", async (t) => {
  const kubeconfig = await fileOf(t, stringify(config("staging")));
  const error = t.throws(() => loadKubeconfig({ ...asked, kubeconfig, context: "stagin" }, {}), {
    instanceOf: InputError,
  });
  t.is(error?.message, `no context "stagin" in ${kubeconfig}; did you mean "staging"?`);
});

test("a kubeconfig that is not there, or none at all", (t) => {
  t.throws(() => loadKubeconfig({ ...asked, kubeconfig: "/nowhere/config" }, {}), {
    message: /is not there: \/nowhere\/config$/,
  });
  t.throws(() => loadKubeconfig(asked, { KUBECONFIG: "/nowhere/a:/nowhere/b" }), {
    message: /that KUBECONFIG names is not there/,
  });
  t.throws(() => loadKubeconfig(asked, { HOME: "/nowhere" }), { message: /no kubeconfig was found/ });
});
