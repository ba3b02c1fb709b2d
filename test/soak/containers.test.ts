/** SIGKILL at ten instants of a run in containers, between their making and the load: nothing is left. */
import { openDocker, openPodman } from "../helpers/container-engines.ts";
import { provesContainers } from "../helpers/container-proof.ts";
import { testNeeding } from "../helpers/parts.ts";

const tenInstants = [50, 200, 400, 700, 1000, 1300, 1600, 2000, 2600, 3400];

testNeeding(["namespaces", "k6", "go", "docker"], "by docker", async (t) => {
  t.timeout(10 * 60_000);
  await provesContainers(t, openDocker, tenInstants);
});

testNeeding(["namespaces", "k6", "go", "podman"], "by podman", async (t) => {
  t.timeout(10 * 60_000);
  await provesContainers(t, openPodman, tenInstants);
});
