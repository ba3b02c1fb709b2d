import { portRangeKey } from "../../core/ports.ts";
import { kernelIsAtLeast } from "../../knowledge/kubernetes.ts";
import { scopeOf, settingOf } from "../../knowledge/settings.ts";

/** Why a key can't be set for a trial, in a sentence. */

const onNodeInstead = "only the machine's administrator can set it, for everything that runs there";

/** Where a key was looked for and not found. */
export interface Absence {
  /** Whether the machine's own namespace has it. */
  onMachine: boolean;
  /** The nearest key that is there. */
  suggestion: string | null;
  rootless: boolean;
  /** "6.1.0-30-amd64" */
  kernel: string;
}

/** Why a key can't be set, as a sentence's end. `permission`: root could, we can't. */
export interface SysctlObstacle {
  reason: string;
  permission: boolean;
}

/** A key that is not in a new namespace. */
export function explainAbsent(key: string, { onMachine, suggestion, rootless, kernel }: Absence): SysctlObstacle {
  const scope = scopeOf(key);
  // A slip of the keys fits a family as well.
  if (scope?.kind === "machine" && (onMachine || settingOf(key) !== null)) {
    return final(`is node level: it governs ${scope.governs}; ${onNodeInstead}`);
  }
  const since = scope?.kind === "private" ? scope.rootlessSinceKernel : null;
  if (rootless && since !== null && kernelIsAtLeast(kernel, since) === false) {
    const reason = `is hidden in an ordinary user's namespaces before Linux ${since}, and this is ${kernel}`;
    return { reason, permission: true };
  }
  if (onMachine) {
    return final(`is node level: the machine has it, a network namespace of its own has not; ${onNodeInstead}`);
  }
  return final(`does not exist on this kernel${suggestion === null ? "" : `; did you mean "${suggestion}"?`}`);
}

function final(reason: string): SysctlObstacle {
  return { reason, permission: false };
}

/** A key that a namespace shows but that nobody can write there. */
export function explainReadOnly(key: string): string {
  const scope = scopeOf(key);
  const governs = scope?.kind === "machine" ? scope.governs : "a setting of the whole machine";
  return `is read-only in a namespace: it is ${governs}; ${onNodeInstead}`;
}

/** A key that can be written, and of which nobody knows what that would change. */
export const unknownScope =
  "is not known to be private to a namespace, and a write could change the machine: a record with its source in harness/knowledge/ would let it in";

/** A value that the kernel refused. */
export function explainRefused(
  key: string,
  value: string,
  words: string,
  context: { unprivilegedPortStart: number | null },
): string {
  const refused = `was refused by the kernel (${words})`;
  if (isPermission(words)) return `${refused}: this user namespace does not own it`;
  if (key === portRangeKey) return refused + portRangeReason(value, context.unprivilegedPortStart);
  return refused;
}

/** Whether the kernel's words speak of privilege, not of the value. */
export function isPermission(words: string): boolean {
  return /Permission denied|Operation not permitted/i.test(words);
}

/** net/ipv4/sysctl_net_ipv4.c, ipv4_local_port_range: low may not exceed high, nor lie below the privileged ports' end. */
function portRangeReason(value: string, unprivilegedPortStart: number | null): string {
  const [low = Number.NaN, high = Number.NaN] = value.split(" ").map(Number);
  if (low > high) return ": the low bound is above the high one";
  if (unprivilegedPortStart !== null && low < unprivilegedPortStart) {
    return `: the low bound ${low} is below net.ipv4.ip_unprivileged_port_start (${unprivilegedPortStart}); start there or above`;
  }
  return ": it takes a low and a high port, 1 to 65535";
}
