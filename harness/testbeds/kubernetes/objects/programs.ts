import type { V1ConfigMap } from "@kubernetes/client-node";
import { programsName } from "./containers.ts";
import { metadataOf, type RunObjects } from "./run-objects.ts";

/** The programs that run inside our pods, by file name ("relay.mjs") -> bundled text. */
export function programsConfigMap(run: RunObjects, programs: Record<string, string>): V1ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(run, { name: programsName(run), component: "relay" }),
    immutable: true,
    data: programs,
  };
}
