import { normalValue } from "../knowledge/keys.ts";
import { pinnedSettings, recordedKeys, settingOf } from "../knowledge/settings.ts";
import type { SettingOrigin } from "./observation.ts";

/** What is known of where a value may be from. */
export interface Origins {
  /** Kernel's release: "6.18.44". */
  kernel: string;
  /** Sysctls that a pod's or a container's own specification asks for. */
  spec: { of: "pod" | "container"; sysctls: Record<string, string> } | null;
  /** Files that sysctl(8) reads, with what they set, the one that is read last first; only for the machine's own namespace. */
  files: { path: string; sysctls: Record<string, string> }[] | null;
}

/** The ten or so that are told of every look: those that a trial records. */
export const toldKeys: readonly string[] = [...new Set([...recordedKeys, ...Object.keys(pinnedSettings)])];

/**
 * By elimination: what a specification asks for is from there; what is as this kernel makes it is its default; what runtimes give each container is theirs; what a file of the machine sets is from that
 * file; the rest was changed by the machine's administrator, or for a pod or container by node, runtime or CNI. A namespace does not say who wrote.
 */
export function originOf(key: string, value: string, { kernel, spec, files }: Origins): SettingOrigin {
  if (spec !== null && isSame(spec.sysctls[key], value)) return { kind: "spec", of: spec.of };
  const usual = defaultOf(key, kernel);
  if (usual !== null && isSame(usual, value)) return { kind: "kernel-default" };
  if (spec !== null && isSame(settingOf(key)?.givenByRuntimes, value)) return { kind: "runtime" };
  const file = files?.find(({ sysctls }) => isSame(sysctls[key], value));
  if (file !== undefined) return { kind: "file", path: file.path };
  if (usual === null) return { kind: "unknown" };
  return { kind: "changed", by: files === null ? "runtime" : "machine", kernelDefault: usual };
}

function isSame(one: string | undefined, other: string): boolean {
  return one !== undefined && normalValue(one) === normalValue(other);
}

/** What a new namespace of this kernel has; null where it goes by the machine's memory, or is not known. */
function defaultOf(key: string, kernel: string): string | null {
  // Pinned in trials for just that reason.
  if (key in pinnedSettings) return null;
  const defaults = settingOf(key)?.defaults ?? [];
  const since = defaults.find(({ when }) => {
    const version = /^since Linux (\S+)/.exec(when)?.[1];
    return version === undefined || isAtLeast(kernel, version);
  });
  // "128 or more" is no value.
  return since !== undefined && /^[\d ]*$/.test(since.value) ? since.value : null;
}

function isAtLeast(release: string, version: string): boolean {
  const [major = 0, minor = 0] = release.split(/[.-]/).map(Number);
  const [leastMajor = 0, leastMinor = 0] = version.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
