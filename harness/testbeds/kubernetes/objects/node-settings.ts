import type { V1Pod } from "@kubernetes/client-node";
import { InputError } from "../../../core/errors.ts";
import { sysctlKeyPattern } from "../../../knowledge/keys.ts";
import type { Sysctls } from "../../../suite/suite.ts";
import { podName } from "../names.ts";
import { literal, nodeContainer, ownPodSpec } from "./containers.ts";
import { holdSettings } from "./node-programs.ts";
import { onNode } from "./placement.ts";
import { undisturbed } from "./relay.ts";
import { metadataOf, type TrialObjects } from "./run-objects.ts";

/** Nodes whose settings may be changed carry it, with the value "true". */
export const nodeChangesLabel = "tunebench.dev/allow-node-changes";

/** What to do where no node carries it. */
export const labelANode = `label one that you can spare: kubectl label node NODE ${nodeChangesLabel}=true`;

/**
 * A privileged pod on a node's own network that writes settings of net.* there, as a userData's `sysctl -w` does, and says so: a line of
 * JSON for each ({key, before, after}), then {"applied": true}. When it is told to end (deleted, its owner deleted, its deadline
 * over) it writes the earlier values again and says {key, restored}. SIGKILL alone it can't answer.
 * @param node null = any node that is labelled for it
 * @throws InputError for a key that is not of net.*
 */
export function nodeSettingsPod(trial: TrialObjects, node: string | null, settings: Sysctls): V1Pod {
  checkNodeKeys(settings);
  // A role begins with a letter: none gets this name.
  const name = podName(trial.runName, trial.sequence, "-node-settings");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...metadataOf(trial, { name, component: "observer", trial: trial.sequence }),
      annotations: undisturbed,
    },
    spec: {
      ...ownPodSpec(trial.deadlineSeconds),
      terminationGracePeriodSeconds: 10,
      hostNetwork: true,
      nodeSelector: { ...trial.cluster.nodeSelector, [nodeChangesLabel]: "true" },
      ...(node === null ? {} : { affinity: onNode(undefined, node) }),
      tolerations: trial.cluster.tolerations,
      containers: [
        {
          ...nodeContainer(trial, {
            name: "node-settings",
            command: ["node", "--eval", literal(holdSettings)],
            env: { TUNEBENCH_SYSCTLS: JSON.stringify(settings) },
          }),
          ports: [onePerNode],
          securityContext: { privileged: true, runAsUser: 0, runAsNonRoot: false, readOnlyRootFilesystem: true },
        },
      ],
    },
  };
}

/**
 * Nothing listens there: a port of the node keeps the scheduler from putting a second such pod on it before the first has restored
 * its values, which would take the first one's for the node's own.
 */
const onePerNode = { name: "one-per-node", containerPort: 61_643, hostPort: 61_643 };

function checkNodeKeys(settings: Sysctls): void {
  const foreign = Object.keys(settings).find((key) => !key.startsWith("net.") || !sysctlKeyPattern.test(key));
  if (foreign === undefined) return;
  throw new InputError(
    `${JSON.stringify(foreign)} can't go by the route node: only keys of net.* are ever written on a node`,
  );
}
