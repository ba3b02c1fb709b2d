/** doctor --routes on a real cluster, ended while its first pods are there. */
import { setTimeout as wait } from "node:timers/promises";
import { labelKeys } from "../../harness/testbeds/kubernetes/names.ts";
import { type ApiWorld, worldFor } from "../helpers/api-world.ts";
import { tunebench } from "../helpers/cli.ts";
import { makeStale, objectsOfRuns, startCommand } from "../helpers/cluster-runs.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(["cluster"], "SIGINT leaves nothing, SIGKILL what clean takes", async (t) => {
  t.timeout(10 * 60_000);
  const world = await worldFor(t);
  const start = async () => {
    const command = startCommand(world, ["doctor", "--cluster", world.own.file, "--routes"]);
    return { command, pods: await firstPods(world) };
  };
  const interrupted = (await start()).command;
  interrupted.kill("SIGINT");
  const { exitCode, stderr } = await interrupted;
  t.is(exitCode, 130, stderr);
  t.deepEqual(await objectsOfRuns(world), []);

  const { command, pods } = await start();
  command.kill("SIGKILL");
  await command;
  const [pod] = pods;
  const run = pod?.metadata?.labels?.[labelKeys.run] ?? "";
  t.is(pod?.metadata?.ownerReferences?.[0]?.name, run);
  t.true((pod?.spec?.activeDeadlineSeconds ?? Number.POSITIVE_INFINITY) < 1200, "it ends by itself");
  await makeStale(world.api, run);
  const cleaned = await tunebench(["clean", "--cluster", world.own.file], { cwd: world.folder });
  t.is(cleaned.exitCode, 0, cleaned.stderr);
  t.deepEqual(await objectsOfRuns(world), []);
});

async function firstPods(world: ApiWorld) {
  for (;;) {
    const pods = await world.api.list("Pod", { labels: `${labelKeys.component}=preflight` });
    if (pods.length > 0) return pods;
    await wait(50);
  }
}
