/** Settings of a node itself: one run's at a time, only where that was allowed, and restored. */
import { setTimeout as wait } from "node:timers/promises";
import { untilEnded, untilRunning } from "../../harness/testbeds/kubernetes/api/await-pod.ts";
import { createPod } from "../../harness/testbeds/kubernetes/api/create-pod.ts";
import { readLog } from "../../harness/testbeds/kubernetes/api/log.ts";
import type { RouteAnswer } from "../../harness/testbeds/kubernetes/doctor/probe-routes.ts";
import { nodeSettingsPod } from "../../harness/testbeds/kubernetes/objects/node-settings.ts";
import { partObjects } from "../../harness/testbeds/kubernetes/objects/part.ts";
import type { TrialObjects } from "../../harness/testbeds/kubernetes/objects/run-objects.ts";
import { applyRoute } from "../../harness/testbeds/kubernetes/routes/routes.ts";
import { type ApiWorld, podOf, shell, withoutNodeObserver, worldFor } from "../helpers/api-world.ts";
import { tunebench } from "../helpers/cli.ts";
import { partFromFiles } from "../helpers/cluster-objects.ts";
import { runRoutes, trialUnder } from "../helpers/cluster-routes.ts";
import { linesOf } from "../helpers/cluster-runs.ts";
import { heldButFor } from "../helpers/held.ts";
import { openObjects } from "../helpers/opened-objects.ts";
import { testNeeding } from "../helpers/parts.ts";

const needed = ["root", "one-node"] as const;
const patience = { timeouts: { scheduleMs: 60_000, startMs: 90_000 }, ownMs: 60_000 };
/** Nodes with it may be changed. All tests that set it are here, and serial. */
const label = "tunebench.dev/allow-node-changes";

testNeeding(
  [...needed],
  "a node's settings are one run's at a time, and restored when its owner is deleted",
  async (t) => {
    const world = await worldFor(t, withoutNodeObserver);
    const reading = await openObjects(world, "tb-20261121t080225z-0001");
    const own = await openObjects(world, "tb-20261121t080225z-0002");
    const holder = nodeSettingsPod(own, null, { "net.core.somaxconn": "8192" });
    const name = holder.metadata?.name ?? "";
    const [node] = (await world.api.list("Node")).map(({ metadata }) => metadata?.name ?? "");
    if (node === undefined) return t.fail("no node");
    await world.own.kubectl(["label", "node", node, `${label}=true`]);
    try {
      await createPod(world.api, holder);
      await untilRunning(world.api, name, patience);
      const follow = world.kubectl(["logs", "--follow", name]);
      t.is(await nodeValue(world, { ...reading, sequence: 5 }), "8192");
      const second = nodeSettingsPod({ ...own, sequence: 4 }, null, { "net.core.somaxconn": "9000" });
      await createPod(world.api, second);
      const condition = "--for=jsonpath={.status.conditions[0].reason}=Unschedulable";
      await world.kubectl(["wait", `pod/${second.metadata?.name}`, condition, "--timeout=30s"]);
      await world.api.remove("ConfigMap", own.runName);
      const lines = (await follow)
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      t.deepEqual(lines, [
        { key: "net.core.somaxconn", before: "4096", after: "8192" },
        { applied: true },
        { key: "net.core.somaxconn", restored: "4096" },
      ]);
      t.is(await nodeValue(world, { ...reading, sequence: 6 }), "4096");
    } finally {
      await world.own.kubectl(["label", "node", node, `${label}-`]);
    }
  },
);

/** What a pod on the node's network reads. */
async function nodeValue(world: ApiWorld, trial: TrialObjects): Promise<string> {
  const { part } = partFromFiles();
  const command = ["cat", "/proc/sys/net/core/somaxconn"];
  const ready = { check: { kind: "log", text: "" }, withinMs: 1000 } as const;
  const { pod } = partObjects(partFromFiles({ trial, node: null, files: {}, part: { ...part, command, ready } }));
  const context = { trial, node: null, hasNetworkAttachments: false };
  const { pod: onHost } = applyRoute("host-network", pod, {}, context);
  await createPod(world.api, onHost);
  const name = pod.metadata?.name ?? "";
  await untilEnded(world.api, name, "main", patience);
  return (await world.kubectl(["logs", name, "--container", "main"])).trim();
}

testNeeding(["cluster"], "the route node: not without the flag, and on no node that is not labelled", async (t) => {
  const world = await worldFor(t, withoutNodeObserver);
  const unasked = await runRoutes(world, ["node"]);
  t.is(unasked.exitCode, 2, unasked.stderr);
  t.regex(unasked.stderr, /profile node would change settings of a node itself[\s\S]*--allow-node-changes/);
  const unlabelled = await runRoutes(world, ["node"], ["--allow-node-changes"]);
  t.is(unlabelled.exitCode, 3, unlabelled.stderr);
  t.regex(unlabelled.stderr, /kubectl label node NODE tunebench\.dev\/allow-node-changes=true/);
});

testNeeding(
  ["cluster"],
  "the route node: the node gets the value and its own again, the pod keeps the default",
  async (t) => {
    t.timeout(10 * 60_000);
    const world = await worldFor(t, withoutNodeObserver);
    const watcher = await watchNode(world);
    await world.own.kubectl(["label", "node", watcher.node, `${label}=true`]);
    t.teardown(() => world.own.kubectl(["label", "node", watcher.node, `${label}-`]));
    const [own = ""] = await watcher.values();
    t.not(own, "8192");

    const asked = ["--routes", "--allow-node-changes", "--format", "json", "--keys", "net.core.somaxconn=8192"];
    const { exitCode, stdout, stderr } = await tunebench(["doctor", "--cluster", world.own.file, ...asked]);
    t.is(exitCode, 0, stderr);
    const { routes } = JSON.parse(stdout) as { routes: RouteAnswer[] };
    const answer = routes.find(({ route }) => route === "node");
    if (answer?.answer !== "refused") return t.fail(answer?.answer);
    const [, pods = ""] = /^net\.core\.somaxconn = (\d+), asked 8192$/.exec(answer.words) ?? [];
    t.not(pods, "");
    t.regex(answer.reason, /a pod has a network namespace of its own/);
    t.deepEqual(await watcher.values(), [own, "8192", own]);

    // A run goes on where the pod has what was asked for: here whatever the node has.
    await watcher.set("5000");
    t.teardown(() => watcher.set(own));
    const profile = { route: "node", sysctls: { "net.core.somaxconn": pods } };
    const end = await trialUnder(world, profile, { args: ["--allow-node-changes"] });
    t.is(end.exitCode, 0, end.stderr);
    t.like(end.trial, { valid: true, fault: null, platform: { route: "node", node: watcher.node } });
    t.true(heldButFor(end.trial), end.trial?.outcome);
    const changes = (await watcher.values()).slice(3);
    t.deepEqual(changes, ["5000", pods, "5000", pods, "5000"], "in the preflight, and in the trial");
  },
);

/** A pod in the node's own network, which writes the node's somaxconn whenever it is another, and may change it. */
async function watchNode(world: ApiWorld) {
  const file = "/proc/sys/net/core/somaxconn";
  const line = `while :; do v=$(cat ${file}); [ "$v" = "$last" ] || echo $v; last=$v; sleep 0.1; done`;
  const securityContext = { privileged: true };
  const container = { command: shell(line), securityContext };
  await world.api.create(podOf(world, "watcher", { spec: { hostNetwork: true }, container }));
  await world.kubectl(["wait", "--for=condition=Ready", "pod/watcher", "--timeout=60s"]);
  const node = (await world.api.get("Pod", "watcher"))?.spec?.nodeName ?? "";
  const values = async () => (await readLog(world.api, { pod: "watcher", container: "main" })).flatMap(linesOf);
  while ((await values()).length === 0) await wait(100);
  const set = async (value: string) => {
    await world.kubectl(["exec", "watcher", "--", ...shell(`echo ${value} > ${file}`)]);
    while ((await values()).at(-1) !== value) await wait(100);
  };
  return { node, values, set };
}
