import type { V1ObjectMeta, V1Pod } from "@kubernetes/client-node";
import { interfaceOf } from "../../../knowledge/keys.ts";
import type { Sysctls } from "../../../suite/suite.ts";

/** A network that Multus attaches to a pod beside its own. */
interface NetworkAttachment {
  apiVersion: string;
  kind: string;
  metadata: V1ObjectMeta;
  spec: { config: string };
}

/** The pod with a network attachment whose tuning plugin writes the settings, and the attachment, which comes before it. */
export function withNetworkAttachment(pod: V1Pod, settings: Sysctls): { pod: V1Pod; others: NetworkAttachment[] } {
  const attachment = attachmentOf(pod, settings);
  return { pod: attached(pod, attachment), others: [attachment] };
}

function attachmentOf(pod: V1Pod, settings: Sysctls): NetworkAttachment {
  const { annotations, ...metadata } = pod.metadata ?? {};
  const sysctl = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      interfaceOf(key) === "eth0" ? key.replace(".eth0.", ".IFNAME.") : key,
      value,
    ]),
  );
  // The tuning plugin must follow another ("Required prevResult missing"): loopback touches nothing but the pod's own lo, where
  // a bridge would leave its traces on the node.
  const plugins = [{ type: "loopback" }, { type: "tuning", sysctl }];
  const config = { cniVersion: "1.0.0", name: metadata.name, plugins };
  return {
    apiVersion: "k8s.cni.cncf.io/v1",
    kind: "NetworkAttachmentDefinition",
    metadata,
    spec: { config: JSON.stringify(config) },
  };
}

/** The plugin puts the attachment's interface in the place of IFNAME: the pod's own is asked for where a key needs it. */
function attached(pod: V1Pod, attachment: NetworkAttachment & { metadata: V1ObjectMeta }): V1Pod {
  const { name, namespace } = attachment.metadata;
  const asked = attachment.spec.config.includes(".IFNAME.") ? { interface: "eth0" } : {};
  const networks = JSON.stringify([{ name, namespace, ...asked }]);
  const annotations = { ...pod.metadata?.annotations, "k8s.v1.cni.cncf.io/networks": networks };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}
