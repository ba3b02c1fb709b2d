/** Whole runs by routes on a real cluster: in CI a run by the account of clusters/rbac.yaml goes by one, others are doctor's to try. */
import { withoutNodeObserver, worldFor } from "../helpers/api-world.ts";
import { effective, trialUnder } from "../helpers/cluster-routes.ts";
import { objectsOfRuns } from "../helpers/cluster-runs.ts";
import { heldButFor } from "../helpers/held.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(["cluster"], "a trial by privileged-init: the value is there inside; nothing is left", async (t) => {
  t.timeout(10 * 60_000);
  const world = await worldFor(t);
  const sysctls = { "net.core.somaxconn": "8192" };
  const { exitCode, stderr, trial } = await trialUnder(world, { route: "privileged-init", sysctls });
  t.is(exitCode, 0, stderr);
  t.like(trial, { valid: true, fault: null, platform: { route: "privileged-init" } });
  t.true(heldButFor(trial), trial?.outcome);
  t.is(effective(trial, "net.core.somaxconn"), "8192");
  t.deepEqual(await objectsOfRuns(world), []);
});

testNeeding(["cluster"], "a whole run with a safe key in a namespace at Pod Security restricted", async (t) => {
  t.timeout(10 * 60_000);
  const world = await worldFor(t, withoutNodeObserver);
  await world.kubectl(["label", "namespace", world.own.namespace, "pod-security.kubernetes.io/enforce=restricted"]);
  const sysctls = { "net.ipv4.ip_local_port_range": "1024 65535" };
  const { exitCode, stderr, trial } = await trialUnder(world, { route: "pod-sysctls", sysctls });
  t.is(exitCode, 0, stderr);
  t.like(trial, { valid: true, fault: null });
  t.true(heldButFor(trial), trial?.outcome);
  t.is(effective(trial, "net.ipv4.ip_local_port_range"), "1024 65535");
  t.deepEqual(await objectsOfRuns(world), []);
});
