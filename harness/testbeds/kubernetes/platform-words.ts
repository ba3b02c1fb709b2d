import { reachOf } from "../../knowledge/kubernetes.ts";

/**
 * What a platform's words mean: those of the API server, the kubelet, the scheduler, runc and sysctl(8). The one place that looks
 * into them; all else goes by `kind`.
 */
export type MeaningKind =
  | "webhook"
  | "quota"
  | "limit-range"
  | "pod-security-settings"
  | "pod-security"
  | "security-context-constraint"
  | "host-network"
  | "unknown-field"
  | "network-attachment"
  | "nodes-own"
  | "not-allowlisted"
  | "not-on-plugins-list"
  | "read-only"
  | "not-permitted"
  | "absent"
  | "value";

export interface Meaning {
  kind: MeaningKind;
  /** Why, as a sentence without a full stop. */
  reason: string;
  /** What to do; null where nothing general can be said. */
  remedy: string | null;
  /** It is the pod's settings, or what a route needs for them, that the platform does not let be. */
  isAboutSettings: boolean;
}

const deliver = "`tunebench deliver SUITE --profile NAME --platform PLATFORM`";

/** How unsafe keys get in without privilege. */
export const allowAndApply = `allow the keys on nodes of their own and set them in the pod's securityContext: ${deliver} writes both; then use the route pod-sysctls`;

const onNode = `set it on the node: ${deliver} writes that apart from the pod's settings`;

const nodesOwn = about(
  "nodes-own",
  "the key is the node's own: all pods share it, and no pod can have another value",
  onNode,
);

const notAllowlisted = about(
  "not-allowlisted",
  "the key is not on Kubernetes' list of safe ones, and the kubelet of this node does not allow it",
  allowAndApply,
);

/** Words, each found in one pass over a text of any length, and what they mean; the first that fits counts. */
type Known = [said: RegExp, means: Meaning | ((words: string) => Meaning)];

/** What the API server answers when a pod, or what goes with it, is to be made. */
const admission: Known[] = [
  [/admission webhook "[^"]+" denied|ValidatingAdmissionPolicy '[^']+'/, webhook],
  [
    /(exceeded|failed|unknown for) quota/,
    other("quota", "the namespace's quota leaves no room for it", "kubectl describe resourcequota shows what is taken"),
  ],
  [/violates PodSecurity/i, podSecurity],
  [
    /unable to validate against any security context constraint/i,
    about(
      "security-context-constraint",
      "no SecurityContextConstraints that the pod's account may use allow what it asks for",
      "`tunebench deliver SUITE --profile NAME --platform openshift` writes the SCC with the keys, the KubeletConfig and the pool's label",
    ),
  ],
  [
    /\b(maximum|minimum) \S+ usage per|\bmust specify (limits|requests)/,
    other(
      "limit-range",
      "the namespace's LimitRange does not allow its resources",
      "kubectl describe limitrange shows the bounds",
    ),
  ],
  [
    /may not be specified when 'hostNetwork' is true/i,
    about(
      "host-network",
      "a pod on the node's network has no network namespace of its own in which settings of net.* could be set: it reads the node's",
      `leave hostNetwork out (it also shares the node's ports), and ${allowAndApply}`,
    ),
  ],
  [
    /field not declared in schema/i,
    about(
      "unknown-field",
      "the object's kind has no such field on this cluster, so nothing behind it would ever reach a kubelet",
      "on Karpenter the list goes into the NodeConfig of spec.userData: `tunebench deliver SUITE --profile NAME --platform eks-karpenter` writes it",
    ),
  ],
  [
    /NetworkAttachmentDefinition|network-attachment/,
    about(
      "network-attachment",
      "the cluster does not take the network attachment by which the tuning plugin gets the settings",
      "give the account the right to make network-attachment-definitions (clusters/rbac.yaml), or use the route pod-sysctls",
    ),
  ],
];

/** What the kubelet, the network plugin, runc and a program that writes settings say. */
const onTheNode: Known[] = [
  [/forbidden sysctl: "/i, forbidden],
  [/SysctlForbidden/, notAllowlisted],
  [/not in a separate kernel namespace/i, nodesOwn],
  [
    /sysctl \S+ is not allowed/i,
    about(
      "not-on-plugins-list",
      "the node's tuning plugin has a list of allowed keys (/etc/cni/tuning/allowlist.conf), and this one is not on it",
      "add the key to that list on the nodes (on OpenShift: the ConfigMap cni-sysctl-allowlist), or use the route pod-sysctls",
    ),
  ],
  [
    /read-only file system/i,
    about(
      "read-only",
      "/proc/sys is mounted read-only in every container that is not privileged; NET_ADMIN and SYS_ADMIN do not change that",
      `use the route privileged-init, or do without privilege: ${allowAndApply}`,
    ),
  ],
  [
    /permission denied|operation not permitted/i,
    about(
      "not-permitted",
      "the key is the node's: the kernel shows it inside a pod but lets only the node's own network namespace change it",
      onNode,
    ),
  ],
  [
    /no such file or directory/i,
    about(
      "absent",
      "the key does not exist inside a pod's network namespace: it is the node's own, or belongs to a module that is not loaded",
      `set it on the node (${deliver} writes that apart), or leave it out`,
    ),
  ],
  [
    /invalid argument|result too large|numerical result out of range/i,
    about(
      "value",
      "the kernel does not take this value for the key, such as a range whose ends are reversed or begin below ip_unprivileged_port_start",
      "correct the value in the suite's profile; `sysctl -w` in a network namespace of this machine (`unshare --net`) tells the same without a cluster",
    ),
  ],
];

/** What a refusal of the API server means; null where its words are not known. */
export function admissionMeaning(words: string): Meaning | null {
  return meaningIn(admission, words);
}

/** What the words of a kubelet, a runtime or a program in a pod mean for a setting; null where they are not known. */
export function settingMeaning(words: string): Meaning | null {
  return meaningIn(onTheNode, words);
}

/** Whether the words are about a kernel setting: a file of /proc/sys, or what sysctl(8) says. */
export function refusesSettings(words: string): boolean {
  return /\/proc\/sys\/|\bsysctl\b/.test(words);
}

function meaningIn(known: Known[], words: string): Meaning | null {
  const means = known.find(([said]) => said.test(words))?.[1] ?? null;
  return typeof means === "function" ? means(words) : means;
}

/** A policy of the cluster's own; whether it is about the settings, only its words may tell. */
function webhook(words: string): Meaning {
  const [, hook, policy] = /admission webhook "([^"]+)" denied|ValidatingAdmissionPolicy '([^']+)'/.exec(words) ?? [];
  const isAboutSettings = /sysctl|privileged|capabilit|hostNetwork|host network/i.test(words);
  return {
    kind: "webhook",
    reason: `the cluster's policy ${hook ?? policy ?? ""} denied it`,
    remedy: null,
    isAboutSettings,
  };
}

function podSecurity(words: string): Meaning {
  if (/forbidden sysctls/i.test(words)) {
    return about(
      "pod-security-settings",
      "the namespace's Pod Security level forbids these keys, whatever the node's kubelet allows",
      `use a namespace of its own with the label pod-security.kubernetes.io/enforce=privileged (warn=restricted still shows all else), and nodes that allow the keys: ${deliver} writes both`,
    );
  }
  return about(
    "pod-security",
    "the namespace's Pod Security level forbids what the pod asks for: privilege, capabilities or the node's network",
    `an administrator gives the namespace the label pod-security.kubernetes.io/enforce=privileged; or do without privilege: ${allowAndApply}`,
  );
}

/** The kubelet takes all of net.* for a pod's own; what is the node's all the same is not to be allowed. */
function forbidden(words: string): Meaning {
  const key = /forbidden sysctl: "([^"]{0,253})"/i.exec(words)?.[1] ?? "";
  return reachOf(key, Number.POSITIVE_INFINITY).kind === "node" ? nodesOwn : notAllowlisted;
}

function about(kind: MeaningKind, reason: string, remedy: string): Meaning {
  return { kind, reason, remedy, isAboutSettings: true };
}

function other(kind: MeaningKind, reason: string, remedy: string): Meaning {
  return { kind, reason, remedy, isAboutSettings: false };
}
