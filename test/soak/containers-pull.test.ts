/** An image that a registry has: pulled where the suite says so, by each engine. */
import { openDocker, openPodman } from "../helpers/container-engines.ts";
import { testNeeding } from "../helpers/parts.ts";
import { provesPull } from "../helpers/pulled-image.ts";

testNeeding(["namespaces", "k6", "go", "docker"], "by docker", (t) => provesPull(t, openDocker));

testNeeding(["namespaces", "k6", "go", "podman"], "by podman", (t) => provesPull(t, openPodman));
