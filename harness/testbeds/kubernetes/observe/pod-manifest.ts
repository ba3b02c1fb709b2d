import { stringify } from "yaml";
import { redacted, redactedCommand, redactedValue } from "../../../core/secrets.ts";
import type { Pod } from "../api/kinds.ts";

/** What a running pod has beside what its author wrote: fields of a spec that a new pod is given anew. */
const givenAnew = [
  "nodeName",
  "serviceAccount",
  "schedulerName",
  "priority",
  "preemptionPolicy",
  "ephemeralContainers",
  "enableServiceLinks",
  "dnsPolicy",
  "restartPolicy",
  "terminationGracePeriodSeconds",
  "hostname",
  "subdomain",
] as const;

/**
 * A running pod as YAML of a Pod that could be made again: without what the cluster put into it, and without secrets that its spec has as text. What it
 * mounts of Secrets and ConfigMaps stays as references. Pure.
 */
export function podManifest(pod: Pod): string {
  const { name, labels } = pod.metadata ?? {};
  const spec = Object.fromEntries(
    Object.entries(pod.spec ?? {}).filter(([key]) => !givenAnew.some((field) => field === key)),
  );
  const account = (mount: unknown) => JSON.stringify(mount).includes("kube-api-access-");
  const volumes = (pod.spec?.volumes ?? []).filter((volume) => !account(volume));
  const containers = (pod.spec?.containers ?? []).map((container) => ({
    ...cleaned(container),
    ...(container.volumeMounts === undefined
      ? {}
      : { volumeMounts: container.volumeMounts.filter((mount) => !account(mount)) }),
  }));
  const initContainers = pod.spec?.initContainers?.map(cleaned);
  return stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, ...(labels === undefined ? {} : { labels }) },
    spec: {
      ...spec,
      ...(initContainers === undefined ? {} : { initContainers }),
      containers,
      ...(volumes.length === 0 ? { volumes: undefined } : { volumes }),
    },
  });
}

type Container = NonNullable<Pod["spec"]>["containers"][number];

/** Values that are secrets by their names, or have a password in them, are left out: the program's own default, or none. */
function cleaned(container: Container): Container {
  const { env, command, args, ...rest } = container;
  return {
    ...rest,
    ...(command === undefined ? {} : { command: redactedCommand(command) }),
    ...(args === undefined ? {} : { args: redactedCommand(args) }),
    ...(env === undefined ? {} : { env: env.filter(({ name, value }) => !isSecret(name, value)) }),
  };
}

function isSecret(name: string, value: string | undefined): boolean {
  return value !== undefined && redactedValue(name, value).includes(redacted);
}

/** Variables that a container's spec has as text, secrets among them by name alone. */
export function plainEnv(pod: Pod, container: string): Record<string, string> {
  const env = pod.spec?.containers.find(({ name }) => name === container)?.env ?? [];
  return Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}
