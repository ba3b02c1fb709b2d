import { createHash } from "node:crypto";
import { dashed } from "../../core/text.ts";

/** Names and labels of everything that a run makes in a cluster. */

export const components = ["target", "upstream", "generator", "relay", "preflight", "observer"] as const;
export type Component = (typeof components)[number];

/** Labels that tell our objects apart; a selector of `label=value` finds them again. */
export const labelKeys = {
  managedBy: "app.kubernetes.io/managed-by",
  name: "app.kubernetes.io/name",
  instance: "app.kubernetes.io/instance",
  component: "app.kubernetes.io/component",
  run: "tunebench.dev/run",
  trial: "tunebench.dev/trial",
  role: "tunebench.dev/role",
} as const;

/** Kubernetes' longest label of a DNS name (RFC 1123), and longest value of a label. */
const longest = 63;

/** A run's name in a cluster: `20261121T080225Z-port-exhaustion-3f9a` -> `tb-20261121t080225z-3f9a`. Any other text is made a name, too. */
export function runName(runId: string): string {
  const parts = /^(\d{8}T\d{6}Z)-.+-([0-9a-f]{4})$/.exec(runId);
  return parts === null ? dnsName(`tb-${runId}`) : `tb-${parts[1]?.toLowerCase()}-${parts[2]}`;
}

/** A pod of one trial: `tb-20261121t080225z-3f9a-003-target-2`. */
export function podName(run: string, sequence: number, role: string): string {
  return dnsName(`${run}-${sequenceText(sequence)}-${role}`);
}

/** A trial's number as names and labels have it: 3 -> "003". */
export function sequenceText(sequence: number): string {
  return String(sequence).padStart(3, "0");
}

/** A text as a DNS-1123 label of at most 63 characters. What had to be changed ends in a hash of the text, so that no two become one. */
export function dnsName(text: string): string {
  const fitting = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text) && text.length <= longest;
  if (fitting) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const words = dashed(text)
    .slice(0, longest - hash.length - 1)
    .replace(/-$/, "");
  return words === "" ? `x-${hash}` : `${words}-${hash}`;
}

/** What every object carries. `trial` is the sequence, `role` as the suite names it. */
export function labelsOf(what: {
  runName: string;
  component: Component;
  trial?: number;
  role?: string;
}): Record<string, string> {
  return {
    ...ownLabels,
    [labelKeys.instance]: what.runName,
    [labelKeys.component]: what.component,
    [labelKeys.run]: what.runName,
    ...(what.trial === undefined ? {} : { [labelKeys.trial]: sequenceText(what.trial) }),
    ...(what.role === undefined ? {} : { [labelKeys.role]: dnsName(what.role) }),
  };
}

/** Labels of what is ours whichever run it belongs to. */
export const ownLabels: Record<string, string> = { [labelKeys.managedBy]: "tunebench", [labelKeys.name]: "tunebench" };
