import type { IncomingMessage } from "node:http";
import type { V1EphemeralContainer } from "@kubernetes/client-node";
import type { Cluster } from "../../../suite/cluster.ts";
import { type Caller, callForJson, callForStream, type Outcome } from "./call.ts";
import { type ClusterApi, queryOf, type Selector } from "./cluster-api.ts";
import { type ApiObject, type Kind, type Kinds, kindOf, type Pod, pathOf, type Wire } from "./kinds.ts";
import { loadKubeconfig } from "./kubeconfig.ts";
import { ApiRefusal } from "./refusal.ts";
import { Transport } from "./transport.ts";

/**
 * Finds the cluster's API server and speaks to it once, without patience: what is wrong there is told at once. Throws
 * InputError (the kubeconfig), Unreachable, CredentialsMissing or ApiRefusal.
 */
export async function connect(
  cluster: Pick<Cluster, "kubeconfig" | "context" | "file" | "namespace" | "timeouts">,
): Promise<ClusterApi> {
  const kubeconfig = loadKubeconfig(cluster, process.env);
  const caller: Caller = {
    transport: new Transport(kubeconfig),
    context: kubeconfig.getCurrentContext(),
    namespace: cluster.namespace,
    requestMs: cluster.timeouts.requestMs,
    patient: false,
    onAnswer: () => {},
  };
  await versionOf(caller);
  return new Api({ ...caller, patient: true });
}

class Api implements ClusterApi {
  readonly #caller: Caller;
  #clockAheadMs = 0;

  constructor(caller: Caller) {
    this.#caller = { ...caller, onAnswer: (answer) => this.#readClock(answer) };
  }

  get context(): string {
    return this.#caller.context;
  }

  get namespace(): string {
    return this.#caller.namespace;
  }

  async version(): Promise<{ gitVersion: string; minor: number }> {
    return await versionOf(this.#caller);
  }

  async create<T extends ApiObject>(object: T): Promise<Wire<T>> {
    const [kind, name] = [kindOf(object), object.metadata?.name ?? ""];
    const doing = `${kind} ${name} could not be made`;
    try {
      return (await this.#json(doing, { method: "POST", path: this.#path(kind), body: object })).value as Wire<T>;
    } catch (error) {
      const mine = error instanceof ApiRefusal && error.reason === "AlreadyExists" && error.uncertain;
      if (!mine) throw error;
      return (await this.#json(doing, { method: "GET", path: this.#path(kind, name) })).value as Wire<T>;
    }
  }

  async dryRun(object: ApiObject): Promise<{ warnings: string[] }> {
    const path = this.#path(kindOf(object));
    const doing = `${object.kind} ${object.metadata?.name ?? ""} would not be made`;
    const { answer } = await this.#json(doing, { method: "POST", path, query: { dryRun: "All" }, body: object });
    return { warnings: warningsOf(answer) };
  }

  async get<K extends Kind>(kind: K, name: string): Promise<Kinds[K] | null> {
    const read = this.#json(`${kind} ${name} could not be read`, { method: "GET", path: this.#path(kind, name) });
    return (await unlessMissing(read)) as Kinds[K] | null;
  }

  async list<K extends Kind>(kind: K, selector: Selector = {}): Promise<Kinds[K][]> {
    return (await this.listAt(kind, selector)).items;
  }

  async listAt<K extends Kind>(kind: K, selector: Selector): Promise<{ items: Kinds[K][]; resourceVersion: string }> {
    const request = { method: "GET", path: this.#path(kind), query: queryOf(selector) } as const;
    const { value } = await this.#json(`${kind} objects could not be listed`, request);
    const { items, metadata } = value as { items: Kinds[K][]; metadata: { resourceVersion: string } };
    return { items, resourceVersion: metadata.resourceVersion };
  }

  async patch<K extends Kind>(kind: K, name: string, change: object): Promise<Kinds[K]> {
    const request = { method: "PATCH", path: this.#path(kind, name), body: change } as const;
    return (await this.#json(`${kind} ${name} could not be changed`, request)).value as Kinds[K];
  }

  async addEphemeralContainer(
    pod: string,
    container: V1EphemeralContainer,
    { dryRun = false }: { dryRun?: boolean } = {},
  ): Promise<Pod> {
    const path = this.#path("Pod", pod, "ephemeralcontainers");
    const body = { spec: { ephemeralContainers: [container] } };
    const query = dryRun ? { dryRun: "All" } : {};
    const request = { method: "PATCH", path, query, body, strategic: true } as const;
    return (await this.#json(`no container could be put into pod ${pod}`, request)).value as Pod;
  }

  async remove(kind: Kind, name: string): Promise<void> {
    const query = { propagationPolicy: "Background" };
    const request = { method: "DELETE", path: this.#path(kind, name), query } as const;
    await unlessMissing(this.#json(`${kind} ${name} could not be deleted`, request));
  }

  async names(resource: string, selector: Selector): Promise<string[]> {
    const [plural = "", version = "", group] = resource.split("/").reverse();
    const root = group === undefined ? `/api/${version}` : `/apis/${group}/${version}`;
    const path = `${root}/namespaces/${encodeURIComponent(this.namespace)}/${plural}`;
    const request = { method: "GET", path, query: queryOf(selector), namesOnly: true } as const;
    const { value } = await this.#json(`${resource} could not be listed`, request);
    // The server writes an empty list of names as null.
    const { items } = value as { items: { metadata: { name: string } }[] | null };
    return (items ?? []).map(({ metadata }) => metadata.name);
  }

  async read(path: string, query: Record<string, string> = {}): Promise<unknown> {
    return (await this.#json(`${path} could not be read`, { method: "GET", path, query })).value;
  }

  async open(path: string, query: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
    return await callForStream(this.#caller, `${path} could not be read`, { method: "GET", path, query }, signal);
  }

  clockAheadMs(): number {
    return this.#clockAheadMs;
  }

  #path(kind: Kind, ...rest: string[]): string {
    return pathOf(kind, this.#caller.namespace, ...rest);
  }

  #json(doing: string, request: Parameters<typeof callForJson>[2]): Promise<Outcome<unknown>> {
    return callForJson(this.#caller, doing, request);
  }

  #readClock(answer: IncomingMessage): void {
    const there = Date.parse(answer.headers.date ?? "");
    if (!Number.isNaN(there)) this.#clockAheadMs = there - Date.now();
  }
}

async function versionOf(caller: Caller): Promise<{ gitVersion: string; minor: number }> {
  const { value } = await callForJson(caller, "the version could not be read", { method: "GET", path: "/version" });
  const { gitVersion, minor } = value as { gitVersion: string; minor: string };
  return { gitVersion, minor: Number.parseInt(minor, 10) };
}

/** null where there is no such object. A namespace that is missing is not that. */
async function unlessMissing(call: Promise<Outcome<unknown>>): Promise<unknown> {
  try {
    return (await call).value;
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 404) return null;
    throw error;
  }
}

/** `Warning: 299 - "would violate PodSecurity ..."`, one or more in a header (RFC 7234, 5.5). */
export function warningsOf(answer: Pick<IncomingMessage, "headers">): string[] {
  const header = answer.headers.warning ?? "";
  return [...header.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, words = ""]) => words.replace(/\\(.)/g, "$1"));
}
