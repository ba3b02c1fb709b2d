import type { V1Pod } from "@kubernetes/client-node";
import type { ClusterApi } from "./cluster-api.ts";
import type { Wire } from "./kinds.ts";
import { type Failing, failing, PodFailure } from "./pod-failure.ts";
import { ApiRefusal, isForbiddenByRbac } from "./refusal.ts";

/**
 * Makes a pod. Rejects with PodFailure where the cluster's admission does not let it in; otherwise as `api.create`
 * does.
 */
export async function createPod(api: ClusterApi, pod: V1Pod): Promise<Wire<V1Pod>> {
  return await namingRefusals(pod, api.create(pod));
}

/** As createPod, of a pod that is only checked: the server's warnings. */
export async function dryRunPod(api: ClusterApi, pod: V1Pod): Promise<{ warnings: string[] }> {
  return await namingRefusals(pod, api.dryRun(pod));
}

async function namingRefusals<T>(pod: V1Pod, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const known = error instanceof ApiRefusal ? refusalOf(error) : null;
    throw known === null ? error : new PodFailure(pod.metadata?.name ?? "", known);
  }
}

/**
 * What an admission's no means for a pod; null where the refusal is of another kind (rights, a namespace that is not
 * there).
 */
export function refusalOf({ code, words }: Pick<ApiRefusal, "code" | "words">): Failing | null {
  if (isForbiddenByRbac({ code, message: words })) return null;
  const denied = /admission webhook "([^"]+)" denied|ValidatingAdmissionPolicy '([^']+)'/.exec(words);
  if (denied !== null) return webhook(words, denied[1] ?? denied[2] ?? "");
  if (code === 422) return invalid(words);
  if (code !== 403) return null;
  if (/(exceeded|failed|unknown for) quota/.test(words)) {
    return failing(
      "quota",
      words,
      "the namespace's quota leaves no room for it",
      "kubectl describe resourcequota shows what is taken",
    );
  }
  if (words.includes("violates PodSecurity")) return podSecurity(words);
  if (/unable to validate against any security context constraint/.test(words)) return securityContextConstraint(words);
  if (/\b(maximum|minimum) \S+ usage per|\bmust specify (limits|requests)/.test(words)) {
    return failing(
      "limit-range",
      words,
      "the namespace's LimitRange does not allow its resources",
      "kubectl describe limitrange shows the bounds",
    );
  }
  return failing("not-admitted", words, "the cluster did not let it in");
}

/** The only field of ours that clashes with another: sysctls of net.* in a pod that shares the node's network. */
function invalid(words: string): Failing {
  const settings = /sysctls\[\d+\]/.test(words);
  const clash = settings && words.includes("hostNetwork");
  return {
    ...failing(
      "invalid",
      words,
      clash
        ? "a pod on the node's own network can't have network settings of its own"
        : "the API server does not accept it",
    ),
    remedy: clash ? "leave hostNetwork out, or set the keys on the node (route node)" : null,
    refusesProfile: settings,
  };
}

function podSecurity(words: string): Failing {
  return {
    ...failing("pod-security", words, "the namespace's Pod Security level forbids it"),
    remedy: "an administrator gives the namespace the label pod-security.kubernetes.io/enforce=privileged",
    refusesProfile: true,
  };
}

function securityContextConstraint(words: string): Failing {
  return {
    ...failing("pod-security", words, "no SecurityContextConstraint of OpenShift allows it"),
    remedy: "one with the keys in allowedUnsafeSysctls: `tunebench deliver --platform openshift` writes it",
    refusesProfile: true,
  };
}

/** A policy of the cluster's own; whether it is about the settings, only its words may tell. */
function webhook(words: string, name: string): Failing {
  const refusesProfile = /sysctl|privileged|capabilit|hostNetwork|host network/i.test(words);
  return { ...failing("webhook", words, `the cluster's policy ${name} denied it`), refusesProfile };
}
