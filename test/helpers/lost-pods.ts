import type { ExecutionContext } from "ava";
import { createPod } from "../../harness/testbeds/kubernetes/api/create-pod.ts";
import { labelKeys } from "../../harness/testbeds/kubernetes/names.ts";
import { relayPort } from "../../harness/testbeds/kubernetes/objects/relay.ts";
import { type ApiWorld, podOf, withoutNodeObserver, worldFor } from "./api-world.ts";
import { copyFixture, objectsOfRuns, startOnCluster, storedIn, underLoad } from "./cluster-runs.ts";

/**
 * A run of one profile, in whose trials one part's pod after the other is deleted under load: each is invalid and names it, and the trial
 * after them completes the run. Meanwhile a stranger sends to the run's relay, and is told so.
 * @param roles of each part: what its pod is in its labels, and what it is in records
 */
export async function podsDeleted(
  t: ExecutionContext,
  { fixture, roles }: { fixture: string; roles: [component: string, role: string][] },
): Promise<void> {
  const world = await worldFor(t, withoutNodeObserver);
  const suite = await copyFixture(world, {
    fixture,
    edit: (document) => {
      document.setIn(["retries"], roles.length);
      document.setIn(["stop", "after"], "5s");
    },
  });
  const run = await startOnCluster(world, suite, ["--profiles", "baseline"]);
  for (const [index, [component]] of roles.entries()) {
    await underLoad(world, run, index + 1);
    if (index === 0) await askRelay(world);
    const [pod] = await world.api.list("Pod", { labels: `${labelKeys.component}=${component}` });
    await world.api.remove("Pod", pod?.metadata?.name ?? "");
  }
  const { exitCode, stderr } = await run.process;
  t.is(exitCode, 0, stderr);
  const { run: record, trials } = storedIn(run.out);
  t.is(record.ended?.reason, "done");
  const lost = roles.map(([, role], index) => ({
    ...{ attempt: index + 1, valid: false },
    invalidReason: { code: "part-lost", words: `${role}'s pod ended under load: it was deleted` } as const,
  }));
  t.deepEqual(
    trials.map(({ attempt, valid, invalidReason }) => ({ attempt, valid, invalidReason })),
    [...lost, { attempt: roles.length + 1, valid: true, invalidReason: null }],
  );
  t.is(await world.kubectl(["logs", "stranger"]), "401");
  t.deepEqual(
    trials.flatMap(({ caveats }) => caveats.filter(({ code }) => code === "unauthenticated-requests")),
    [{ code: "unauthenticated-requests", requests: 1 }],
  );
  t.deepEqual(await objectsOfRuns(world), []);
}

/** A pod of somebody's in the namespace sends to the run's relay. */
async function askRelay(world: ApiWorld): Promise<void> {
  const [relay] = await world.api.list("Pod", { labels: `${labelKeys.component}=relay` });
  const script = `fetch("http://${relay?.status?.podIP}:${relayPort}/v1/metrics", { method: "POST" }).then(({ status }) => console.log(status))`;
  await createPod(world.api, podOf(world, "stranger", { container: { command: ["node", "--eval", script] } }));
}
