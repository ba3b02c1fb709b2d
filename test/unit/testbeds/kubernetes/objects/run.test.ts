import { join } from "node:path";
import { V1MicroTime } from "@kubernetes/client-node";
import test from "ava";
import { InputError } from "../../../../../harness/core/errors.ts";
import { locust } from "../../../../../harness/engines/locust/locust.ts";
import { programsConfigMap } from "../../../../../harness/testbeds/kubernetes/objects/containers.ts";
import { nodeObserverPod } from "../../../../../harness/testbeds/kubernetes/objects/node-observer.ts";
import { nodeSettingsPod } from "../../../../../harness/testbeds/kubernetes/objects/node-settings.ts";
import { leaseObject, ownerObject } from "../../../../../harness/testbeds/kubernetes/objects/owner.ts";
import { relayObjects } from "../../../../../harness/testbeds/kubernetes/objects/relay.ts";
import { runnersObjects, scriptPath } from "../../../../../harness/testbeds/kubernetes/objects/runners.ts";
import { runnersSpec, trialObjects } from "../../../../helpers/cluster-objects.ts";
import { isGolden } from "../../../../helpers/golden.ts";
import { yamlText } from "../../../../helpers/yaml-text.ts";

const golden = (name: string) => join(import.meta.dirname, `${name}.golden.yaml`);
const run = trialObjects();

test("a run's owner, its sign of life, its programs and its relay", (t) => {
  const lease = { holder: "a-machine/4711", renewTime: new V1MicroTime("2026-11-21T08:02:25Z"), durationSeconds: 30 };
  const settings = { namespace: run.namespace, run: run.runName, silenceMs: 30_000 };
  const { pod, others } = relayObjects({ run, deadlineSeconds: 7200, settings, secret: "c0ffee" });
  const text = yamlText([
    ownerObject(run, { suite: "port-exhaustion" }),
    leaseObject(run, lease),
    programsConfigMap(run, { "relay.mjs": "// the relay\n" }),
    ...others,
    pod,
  ]);
  isGolden(t, text, golden("run"));
});

test("the runners", (t) => {
  const { job, others } = runnersObjects(runnersSpec());
  isGolden(t, yamlText([...others, job]), golden("runners"));
});

test("files that the script opens lie in the runners as they lie at home, those above its folder too", (t) => {
  const files = { "data/users.csv": Buffer.from("u1\n"), "../shared.bin": Buffer.from([0xff, 0xfe]) };
  const { job, others } = runnersObjects(runnersSpec({ files }));
  const volume = job.spec?.template.spec?.volumes?.find(({ name }) => name === "load");
  const items = volume?.projected?.sources?.flatMap(({ configMap }) => configMap?.items ?? []) ?? [];
  t.deepEqual(
    items.map(({ path }) => path),
    ["up/load.js", "up/data/users.csv", "shared.bin"],
  );
  t.is(scriptPath("load.js", files), "up/load.js");
  t.is(scriptPath("load.js", {}), "load.js");
  t.deepEqual(
    others.map(({ data = {}, binaryData = {} }) => [Object.keys(data), Object.keys(binaryData)]),
    [
      [["load.js"], []],
      [["file-0"], ["file-1"]],
    ],
  );
});

test("a locustfile runs in its folder, with the listener beside it and exports that say whose they are", (t) => {
  const { job, others } = runnersObjects(
    runnersSpec({
      form: locust.pod,
      script: { name: "locustfile.py", text: "import users\n" },
      files: { "users.py": Buffer.from("") },
      beside: { "tunebench_listener.py": "# counts\n" },
    }),
  );
  const container = job.spec?.template.spec?.containers.find(({ name }) => name === "generator");
  t.like(container, { image: "tunebench.local/locust:own", workingDir: "/tunebench/load" });
  t.deepEqual(
    container?.volumeMounts?.map(({ mountPath }) => mountPath),
    ["/tunebench/load", "/tunebench/beside", "/tmp"],
  );
  t.regex(container?.env?.find(({ name }) => name === "TUNEBENCH_EXPORT_HEADERS")?.value ?? "", /tunebench-trial=003,/);
  t.deepEqual(
    others.map(({ data = {} }) => Object.keys(data)),
    [["locustfile.py"], ["tunebench_listener.py"], ["file-0"]],
  );
});

test("runners without settings ask the node for none", (t) => {
  const { job } = runnersObjects(runnersSpec({ sysctls: {} }));
  t.false("sysctls" in (job.spec?.template.spec?.securityContext ?? {}));
});

test("pods about a node", (t) => {
  const observer = nodeObserverPod(run, "one-node", { role: "node", keys: [], listenPort: null, looks: "node" });
  const settings = nodeSettingsPod(run, "one-node", { "net.core.somaxconn": "8192" });
  isGolden(t, yamlText([observer, settings]), golden("node"));
});

for (const key of [
  "vm.swappiness",
  "kernel.shmmax",
  "fs.mqueue.msg_max",
  "net./../vm.swappiness",
  "net.core..somaxconn",
]) {
  test(`${key} is never written on a node`, (t) => {
    const error = t.throws(() => nodeSettingsPod(run, null, { [key]: "1" }), { instanceOf: InputError });
    t.regex(error?.message ?? "", /only keys of net\.\* are ever written on a node/);
  });
}

test("any node that is labelled for it, where none is given", (t) => {
  const { spec } = nodeSettingsPod(run, null, { "net.core.somaxconn": "8192" });
  t.is(spec?.affinity, undefined);
  t.is(spec?.nodeSelector?.["tunebench.dev/allow-node-changes"], "true");
});
