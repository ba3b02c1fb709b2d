import { type Failing, failing } from "./pod-failure.ts";

/**
 * Why a pod's sandbox was not made: in runc's words where it is one of the pod's settings (the network namespace's
 * values are written there), else the runtime's or the network plugin's.
 */
export function sandboxFailure(message: string): Failing {
  const words = runtimeWords(message);
  if (!refusesSettings(words))
    return failing(
      "sandbox",
      words,
      "its sandbox can't be made",
      "kubectl describe pod; the node's container runtime says more",
    );
  return {
    ...failing("sandbox", words, settingReason(words)),
    remedy: "leave the key out of the pod's settings, or give it a value that a network namespace of its own takes",
    refusesProfile: true,
  };
}

/**
 * `... error during container init: write /proc/sys/net/core/somaxconn: invalid argument: unknown` -> from "write" to
 * "argument".
 */
function runtimeWords(message: string): string {
  const inner = message.split(/error during container init: |desc = /).at(-1) ?? message;
  return inner.replace(/: unknown$/, "");
}

/** Whether the words are about a kernel setting: a file of /proc/sys, or what sysctl(8) says. */
export function refusesSettings(words: string): boolean {
  return /\/proc\/sys\/|\bsysctl\b/.test(words);
}

/** An init container that was to write the settings, and what it said of it. */
export function initRefusal(words: string): Pick<Failing, "words" | "reason" | "remedy" | "refusesProfile"> {
  if (!/read-only file system/i.test(words)) {
    return { words, reason: settingReason(words.toLowerCase()), remedy: null, refusesProfile: true };
  }
  return {
    words,
    reason: "/proc/sys is mounted read-only in a container that is not privileged, whatever its capabilities",
    remedy: "the routes pod-sysctls (the kubelet writes the settings) and privileged-init get past it",
    refusesProfile: true,
  };
}

/** What the kernel means by its word for a setting that was written. */
function settingReason(words: string): string {
  if (words.includes("no such file")) return "the key is not there in a pod's network namespace: it is the node's";
  if (words.includes("permission denied"))
    return "the key can't be written in a pod's network namespace: it is the node's";
  if (words.includes("invalid argument")) return "the kernel does not take the value";
  if (words.includes("not in a separate")) return "the key has no namespace: it is the node's";
  return "the setting can't be applied in the pod's sandbox";
}
