import { code, codes } from "./code-spans.ts";
import { labelText } from "./pool.ts";
import { podSettings, type Selection, unsafeKeys } from "./selection.ts";

/** What a delivery does to a cluster's security: sentences in Markdown. */
export function securityWords(selection: Selection): string[] {
  const keys = unsafeKeys(selection);
  const noPrivilege = "No container is privileged, none runs as root for this, none has a capability more.";
  if (keys.length === 0) {
    const safe = podSettings(selection).length > 0;
    return [
      noPrivilege,
      ...(safe
        ? [`Pod Security levels baseline and restricted allow these keys (Kubernetes 1.${selection.minor}).`]
        : []),
    ];
  }
  return [
    noPrivilege,
    `Pod Security: baseline and restricted forbid ${codes(keys)}, whatever the node allows (\`forbidden sysctls\`). The pods' namespace must be at \`pod-security.kubernetes.io/enforce: privileged\`, or be exempt; a namespace of its own keeps that small, and \`warn: restricted\` still shows all else.`,
    `Who may use the nodes: whoever may make pods, in any namespace, with the selector ${code(labelText(selection.name))} and the toleration. The taint keeps pods off by accident, not by intent: where that matters, an admission policy on \`spec.tolerations\` must say who may.`,
    "On these nodes any pod may set these keys, for its own network and IPC namespace only. What they cost is the kernel's memory of the node, which no limit of a pod bounds: unsafe means just that.",
  ];
}
