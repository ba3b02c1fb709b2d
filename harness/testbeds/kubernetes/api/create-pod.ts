import type { V1Pod } from "@kubernetes/client-node";
import { admissionMeaning, type MeaningKind } from "../platform-words.ts";
import type { ClusterApi } from "./cluster-api.ts";
import type { Wire } from "./kinds.ts";
import { type Failing, failing, PodFailure, type PodFailureKind } from "./pod-failure.ts";
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
    const known = error instanceof ApiRefusal ? admissionFailure(error) : null;
    throw known === null ? error : new PodFailure(pod.metadata?.name ?? "", known);
  }
}

/**
 * What an admission's no means for a pod; null where the refusal is of another kind (rights, a namespace that is not
 * there).
 */
export function admissionFailure({ code, words }: Pick<ApiRefusal, "code" | "words">): Failing | null {
  if (isForbiddenByRbac({ code, message: words })) return null;
  const means = admissionMeaning(words);
  if (means !== null) {
    const { kind, reason, remedy, isAboutSettings } = means;
    const failure = failures[kind] ?? (code === 422 ? "invalid" : "not-admitted");
    return { ...failing(failure, words, reason, remedy), refusesProfile: isAboutSettings };
  }
  if (code === 403) return failing("not-admitted", words, "the cluster did not let it in");
  if (code !== 422) return null;
  const refusesProfile = /sysctls\[\d+\]/.test(words);
  return { ...failing("invalid", words, "the API server does not accept it"), refusesProfile };
}

const failures: Partial<Record<MeaningKind, PodFailureKind>> = {
  webhook: "webhook",
  quota: "quota",
  "limit-range": "limit-range",
  "pod-security": "pod-security",
  "pod-security-settings": "pod-security",
  "security-context-constraint": "pod-security",
};
