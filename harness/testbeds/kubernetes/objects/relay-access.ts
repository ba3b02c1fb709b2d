import type { V1EnvVar, V1LabelSelector, V1Secret } from "@kubernetes/client-node";
import { secretVariable } from "../../../pods/relay-secret.ts";
import type { NetworkPolicy } from "../api/kinds.ts";
import { type Component, dnsName, labelKeys } from "../names.ts";
import { metadataOf, type RunObjects } from "./run-objects.ts";

/**
 * Who may speak to a run's relay. The run's secret decides: it is made with the run, and reaches the relay and the runners by the kubelet.
 * The harness's account may create Secrets and read none; a token of the runners' own would need TokenReview, a right in the whole cluster.
 * Policies say the same to a network that enforces them; many don't.
 */

/** A run that is resumed has another secret, while the earlier one may still be going: the owner's uid tells them apart. */
function secretName({ runName, ownerUid }: RunObjects): string {
  return dnsName(`${runName}-relay-${ownerUid.slice(0, 8)}`);
}

const secretKey = "secret";

/** The run's secret, which goes with the run. */
export function relaySecret(run: RunObjects, secret: string): V1Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadataOf(run, { name: secretName(run), component: "relay" }),
    type: "Opaque",
    immutable: true,
    stringData: { [secretKey]: secret },
  };
}

/** The variable by which a container has the run's secret. */
export function secretEnv(run: RunObjects): V1EnvVar {
  return { name: secretVariable, valueFrom: { secretKeyRef: { name: secretName(run), key: secretKey } } };
}

/** Into a runner nobody connects, into the relay the run's runners alone. */
export function networkPolicies(run: RunObjects, relayPort: number): NetworkPolicy[] {
  const ofRunners = {
    from: [{ podSelector: podsOf(run, "generator") }],
    ports: [{ protocol: "TCP", port: relayPort }],
  };
  return [policy(run, "generator", []), policy(run, "relay", [ofRunners])];
}

function policy(run: RunObjects, component: Component, ingress: NetworkPolicy["spec"]["ingress"]): NetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadataOf(run, { name: `${run.runName}-${component}`, component }),
    spec: { podSelector: podsOf(run, component), policyTypes: ["Ingress"], ingress },
  };
}

function podsOf(run: RunObjects, component: Component): V1LabelSelector {
  return { matchLabels: { [labelKeys.run]: run.runName, [labelKeys.component]: component } };
}
