import { openDocker } from "../helpers/container-engines.ts";
import { provesContainers } from "../helpers/container-proof.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(["namespaces", "k6", "go", "docker"], "a compose file is driven to its wall by docker", (t) =>
  provesContainers(t, openDocker, [1600]),
);
