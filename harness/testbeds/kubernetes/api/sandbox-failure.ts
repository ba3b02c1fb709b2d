import { refusesSettings, settingMeaning } from "../platform-words.ts";
import { type Failing, failing } from "./pod-failure.ts";

/**
 * Why a pod's sandbox was not made: in runc's words where it is one of the pod's settings (the network namespace's
 * values are written there), else the runtime's or the network plugin's.
 */
export function sandboxFailure(message: string): Failing {
  const words = runtimeWords(message);
  const remedy = "kubectl describe pod; the node's container runtime says more";
  const failure = failing("sandbox", words, "its sandbox can't be made", remedy);
  return refusesSettings(words) ? { ...failure, ...settingRefusal(words) } : failure;
}

/**
 * `... error during container init: write /proc/sys/net/core/somaxconn: invalid argument: unknown` -> from "write" to
 * "argument".
 */
function runtimeWords(message: string): string {
  const inner = message.split(/error during container init: |desc = /).at(-1) ?? message;
  return inner.replace(/: unknown$/, "");
}

/** What words about a setting mean, for a failure that is told by them. */
export function settingRefusal(words: string): Pick<Failing, "words" | "reason" | "remedy" | "refusesProfile"> {
  const means = settingMeaning(words);
  const reason = means?.reason ?? "the setting can't be written";
  return { words, reason, remedy: means?.remedy ?? null, refusesProfile: true };
}
