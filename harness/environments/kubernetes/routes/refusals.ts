import type { DeliveryRoute } from "../../../suite/cluster.ts";

/** Why a platform did not do it, and what to do instead: sentences. */
export interface Explanation {
  reason: string;
  remedy: string;
}

/** A setting that was delivered without complaint and is not there, as notTaken (stage-settings.ts) words it. */
const unchanged = /, asked /;

/** What a platform's own words mean on a route. Words that are not known are taken as they are. */
export function explainRefusal(route: DeliveryRoute, words: string): Explanation {
  const known = explanations.find(
    ({ said, on }) => said.every((one) => one.test(words)) && (on === undefined || on.includes(route)),
  );
  return known?.means ?? unknown(route);
}

interface KnownWords {
  /** All of them; each is found in one pass over words of any length. */
  said: RegExp[];
  /** Left out: on any route. */
  on?: DeliveryRoute[];
  means: Explanation;
}

const deliver = "`tunebench deliver SUITE --profile NAME --platform PLATFORM`";
const allowAndApply = `allow the keys on nodes of their own and set them in the pod's securityContext: ${deliver} writes both; then use the route pod-sysctls`;

const nodesOwn: Explanation = {
  reason: "the key is the node's own: all pods share it, and no pod can have another value",
  remedy: `set it on the node: ${deliver} writes that apart from the pod's settings`,
};

/** The first that fits counts. */
const explanations: KnownWords[] = [
  {
    said: [/field not declared in schema/i],
    means: {
      reason: "the object's kind has no such field on this cluster, so nothing behind it would ever reach a kubelet",
      remedy:
        "on Karpenter the list goes into the NodeConfig of spec.userData: `tunebench deliver SUITE --profile NAME --platform eks-karpenter` writes it",
    },
  },
  {
    said: [/violates PodSecurity/i, /forbidden sysctls/i],
    means: {
      reason: "the namespace's Pod Security level forbids these keys, whatever the node's kubelet allows",
      remedy: `use a namespace of its own with the label pod-security.kubernetes.io/enforce=privileged (warn=restricted still shows all else), and nodes that allow the keys: ${deliver} writes both`,
    },
  },
  {
    said: [/violates PodSecurity/i],
    means: {
      reason:
        "the namespace's Pod Security level forbids what the route asks for: privilege, capabilities or the node's network",
      remedy: `give the namespace the label pod-security.kubernetes.io/enforce=privileged, or do without privilege: ${allowAndApply}`,
    },
  },
  {
    said: [/unable to validate against any security context constraint/i],
    means: {
      reason: "no SecurityContextConstraints that the pod's account may use allow what the route asks for",
      remedy:
        "`tunebench deliver SUITE --profile NAME --platform openshift` writes the SCC with the keys, the KubeletConfig and the pool's label",
    },
  },
  {
    said: [/may not be specified when 'hostNetwork' is true/i],
    means: {
      reason:
        "a pod on the node's network has no network namespace of its own in which settings of net.* could be set: it reads the node's",
      remedy: `leave hostNetwork out (it also shares the node's ports), and ${allowAndApply}`,
    },
  },
  { said: [/forbidden sysctl: "(?!net\.|kernel\.(?:shm|msg|sem")|fs\.mqueue\.)/i], means: nodesOwn },
  {
    said: [/SysctlForbidden|forbidden sysctl: /i],
    means: {
      reason: "the key is not on Kubernetes' list of safe ones, and the kubelet of this node does not allow it",
      remedy: allowAndApply,
    },
  },
  { said: [/not in a separate kernel namespace/i], means: nodesOwn },
  {
    said: [/sysctl \S+ is not allowed/i],
    means: {
      reason:
        "the node's tuning plugin has a list of allowed keys (/etc/cni/tuning/allowlist.conf), and this one is not on it",
      remedy:
        "add the key to that list on the nodes (on OpenShift: the ConfigMap cni-sysctl-allowlist), or use the route pod-sysctls",
    },
  },
  {
    said: [/node\(s\) didn't match Pod's node affinity\/selector/i],
    on: ["node"],
    means: {
      reason: "no node that fits has the label tunebench.dev/allow-node-changes=true, so none may be changed",
      remedy: "label a node that you can spare: `kubectl label node NODE tunebench.dev/allow-node-changes=true`",
    },
  },
  {
    said: [/didn't have free ports for the requested pod ports/i],
    on: ["node"],
    means: {
      reason: "another trial or run has changed this node's settings, and has not restored them yet",
      remedy:
        "wait for it to end; `kubectl get pods --all-namespaces -l app.kubernetes.io/component=observer` shows it",
    },
  },
  {
    said: [/read-only file system/i],
    means: {
      reason:
        "/proc/sys is mounted read-only in every container that is not privileged; NET_ADMIN and SYS_ADMIN do not change that",
      remedy: `use the route privileged-init, or do without privilege: ${allowAndApply}`,
    },
  },
  {
    said: [/permission denied|operation not permitted/i],
    means: {
      reason: "the kernel shows the key inside a pod but lets only the node's own network namespace change it",
      remedy: `set it on the node: ${deliver} writes that apart from the pod's settings`,
    },
  },
  {
    said: [/no such file or directory/i],
    means: {
      reason:
        "the key does not exist inside a pod's network namespace: it is the node's own, or belongs to a module that is not loaded",
      remedy: `set it on the node (${deliver} writes that apart), or leave it out`,
    },
  },
  {
    said: [/invalid argument|result too large|numerical result out of range/i],
    means: {
      reason:
        "the kernel does not take this value for the key, such as a range whose ends are reversed or begin below ip_unprivileged_port_start",
      remedy:
        "correct the value in the suite's profile; `sysctl -w` in a network namespace of this machine (`unshare --net`) tells the same without a cluster",
    },
  },
  {
    said: [unchanged],
    on: ["node", "host-network"],
    means: {
      reason:
        "the value was written on the node, and a pod has a network namespace of its own, which begins with the kernel's defaults",
      remedy: allowAndApply,
    },
  },
  {
    said: [unchanged],
    on: ["tuning-cni"],
    means: {
      reason:
        "neither a network attachment nor the node's own CNI configuration brought the value into the pod's network namespace",
      remedy:
        "add the tuning plugin with the key to the CNI configuration of the nodes, or install Multus; else use the route pod-sysctls",
    },
  },
  {
    said: [unchanged],
    on: ["none"],
    means: { reason: "the route none delivers nothing", remedy: allowAndApply },
  },
];

function unknown(route: DeliveryRoute): Explanation {
  return {
    reason: `the platform refused what the route ${route} asks for`,
    remedy: `read its words above; ${deliver} writes what each platform needs`,
  };
}
