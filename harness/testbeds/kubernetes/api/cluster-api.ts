import type { Readable } from "node:stream";
import type { V1EphemeralContainer } from "@kubernetes/client-node";
import type { ApiObject, Kind, Kinds, Pod, Wire } from "./kinds.ts";

/**
 * The API server of one cluster, as one account sees it. Each call's attempts are bounded by the cluster file's
 * `timeouts.requestMs` and made again while the server is away for a moment. What it rejects with: ApiRefusal (the
 * server's no, with its words), Unreachable, CredentialsMissing; all are ExpectedErrors.
 */
export interface ClusterApi {
  /** The kubeconfig's context. */
  readonly context: string;
  /** Where all namespaced objects of these calls are. */
  readonly namespace: string;
  version(): Promise<{ gitVersion: string; minor: number }>;
  /**
   * Makes an object. Where an attempt's answer was lost and the next finds the object there, it is ours: names are
   * given by us, each once.
   */
  create<T extends ApiObject>(object: T): Promise<Wire<T>>;
  /**
   * The server's own check of an object that is not made: its warnings, such as Pod Security's. Rejects as `create`
   * would.
   */
  dryRun(object: ApiObject): Promise<{ warnings: string[] }>;
  /** null where it is not there. */
  get<K extends Kind>(kind: K, name: string): Promise<Kinds[K] | null>;
  list<K extends Kind>(kind: K, selector?: Selector): Promise<Kinds[K][]>;
  /** With the state of the cluster from which a watch goes on. */
  listAt<K extends Kind>(kind: K, selector: Selector): Promise<{ items: Kinds[K][]; resourceVersion: string }>;
  /** A merge patch (RFC 7386). */
  patch<K extends Kind>(kind: K, name: string, change: object): Promise<Kinds[K]>;
  /**
   * Puts one more container into a pod that runs. It can't be taken out again: it ends, and its record stays as long as the pod. `dryRun`: the
   * server only checks it.
   */
  addEphemeralContainer(pod: string, container: V1EphemeralContainer, options?: { dryRun?: boolean }): Promise<Pod>;
  /** What it owns is deleted after it, by the cluster. Nothing is done where it is not there. */
  remove(kind: Kind, name: string): Promise<void>;
  /**
   * Names of the objects of any kind, such as "apps/v1/deployments" ("v1/secrets" for the core group), without what is
   * in them.
   */
  names(resource: string, selector: Selector): Promise<string[]>;
  /** Any other GET, such as `/api/v1/nodes/NAME/proxy/configz`. */
  read(path: string, query?: Record<string, string>): Promise<unknown>;
  /** The body of a GET as it comes, without end where it is a watch or a log that is followed. Ends with the signal. */
  open(path: string, query: Record<string, string>, signal: AbortSignal): Promise<Readable>;
  /** How far the server's wall clock is ahead of this machine's, ms, by the last answer (whole seconds). */
  clockAheadMs(): number;
}

/** Which objects, as the API's own selectors: "tunebench.dev/run=tb-…", "metadata.name=…". */
export interface Selector {
  labels?: string;
  fields?: string;
}

/** The query of a list or a watch. */
export function queryOf(selector: Selector): Record<string, string> {
  return {
    ...(selector.labels === undefined ? {} : { labelSelector: selector.labels }),
    ...(selector.fields === undefined ? {} : { fieldSelector: selector.fields }),
  };
}
