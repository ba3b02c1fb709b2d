import type { ClusterApi } from "../api/cluster-api.ts";
import { ApiRefusal } from "../api/refusal.ts";
import type { Permission } from "../permissions.ts";

/**
 * Which of these the account has not, each with the verbs that it lacks, as the API server's own authorizer says. `namespace` null =
 * in the whole cluster.
 */
export async function refusedOf(
  api: ClusterApi,
  namespace: string | null,
  permissions: readonly Permission[],
): Promise<Permission[]> {
  const lacking = await Promise.all(
    permissions.map(async (permission) => ({ ...permission, verbs: await verbsLacking(api, namespace, permission) })),
  );
  return lacking.filter(({ verbs }) => verbs.length > 0);
}

async function verbsLacking(api: ClusterApi, namespace: string | null, permission: Permission): Promise<string[]> {
  const allowed = await Promise.all(permission.verbs.map((verb) => isAllowed(api, namespace, permission, verb)));
  return permission.verbs.filter((_, index) => allowed[index] !== true);
}

async function isAllowed(api: ClusterApi, namespace: string | null, permission: Permission, verb: string) {
  const [resource = "", subresource] = permission.resource.split("/");
  const review = await api.create({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: {
      resourceAttributes: {
        group: permission.group,
        resource,
        verb,
        ...(namespace === null ? {} : { namespace }),
        ...(subresource === undefined ? {} : { subresource }),
      },
    },
    status: { allowed: false },
  });
  return review.status.allowed;
}

/** What was asked for, or the server's no. */
export async function unlessRefused<T>(asked: Promise<T>): Promise<T | ApiRefusal> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiRefusal) return error;
    throw error;
  }
}
