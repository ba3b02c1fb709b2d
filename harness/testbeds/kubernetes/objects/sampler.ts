import type { V1Container } from "@kubernetes/client-node";
import type { SamplerSettings } from "../../../pods/messages.ts";
import { programContainer } from "./containers.ts";
import type { RunObjects } from "./run-objects.ts";

/** Watches the pod's network and, where the pod shares its process namespace, its processes; its log is what it saw. */
export function samplerContainer(run: RunObjects, settings: SamplerSettings): V1Container {
  return programContainer(run, {
    name: "sampler",
    program: "sampler.mjs",
    env: { TUNEBENCH_SAMPLER: JSON.stringify(settings) },
    cpu: "20m",
    memory: ["64Mi", "192Mi"],
  });
}
