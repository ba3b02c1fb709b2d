import type { V1Pod } from "@kubernetes/client-node";
import { nodeContainer, ownPodSpec, restrictedPod } from "../objects/containers.ts";
import { metadataOf, type RunObjects } from "../objects/run-objects.ts";
import type { ProbeReading } from "./probe-rows.ts";

/** After so long it ends by itself, whatever became of doctor. */
const deadlineSeconds = 120;

/** Reads each of TUNEBENCH_KEYS (JSON) and says what it found as one line of JSON. */
const readKeys = `
const { readFileSync, statSync } = require("node:fs");
const readings = {};
for (const key of JSON.parse(process.env.TUNEBENCH_KEYS)) {
  const file = "/proc/sys/" + key.split(".").join("/");
  try {
    const value = readFileSync(file, "utf8").trim().replace(/\\s+/g, " ");
    readings[key] = { value, writable: (statSync(file).mode & 0o200) !== 0 };
  } catch {
    readings[key] = null;
  }
}
process.stdout.write(JSON.stringify(readings) + "\\n");
`;

/** A pod that any Pod Security level admits, which reads sysctls as it finds them; kernel.* and vm.* there are the node's. */
export function probePod(run: RunObjects, keys: string[]): V1Pod {
  const { nodeSelector, tolerations } = run.cluster;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadataOf(run, { name: `${run.runName}-probe`, component: "preflight" }),
    spec: {
      ...ownPodSpec(deadlineSeconds),
      nodeSelector,
      tolerations,
      securityContext: restrictedPod(),
      containers: [
        nodeContainer(run, {
          name: "probe",
          command: ["node", "--eval", readKeys],
          env: { TUNEBENCH_KEYS: JSON.stringify(keys) },
        }),
      ],
    },
  };
}

/** What such a pod wrote, by the lines of its log; null where it is not that. */
export function probeReadings(lines: string[]): Record<string, ProbeReading> | null {
  try {
    return JSON.parse(lines.at(-1) ?? "") as Record<string, ProbeReading>;
  } catch {
    return null;
  }
}
