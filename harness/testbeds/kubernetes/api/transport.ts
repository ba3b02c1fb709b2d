import http from "node:http";
import https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { abortable } from "../../../core/waits.ts";
import { credentialsMissing } from "./unreachable.ts";

/** One HTTP request to the API server. */
export interface ApiRequest {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Begins with "/"; names in it are escaped. */
  path: string;
  query?: Record<string, string>;
  /** Sent as JSON; a PATCH's is a merge patch (RFC 7386). */
  body?: unknown;
  /** A PATCH's is a strategic merge patch: an element of a list is known by its name, and added where it is not there. */
  strategic?: boolean;
  /** Of a list, metadata without contents. */
  namesOnly?: boolean;
}

/**
 * A connection without traffic is asked whether it still stands after this long, so that a server that vanished is
 * noticed.
 */
const keepAliveMs = 5_000;

/**
 * Carries requests to the server of a kubeconfig's context, with what it says of TLS and credentials, over HTTP/1.1.
 * client-node's own classes are not used for it: they open a connection for every call, hide response headers (Pod
 * Security's warnings), and their watch ends after 30 s of silence. A `proxy-url` in the kubeconfig is honoured, by
 * client-node's agent; HTTPS_PROXY is not read, by client-node neither.
 */
export class Transport {
  readonly #kubeconfig: KubeConfig;
  readonly #server: URL;
  readonly #agent: http.Agent;
  readonly #proxied: boolean;

  constructor(kubeconfig: KubeConfig) {
    const cluster = kubeconfig.getCurrentCluster();
    if (cluster === null) throw new Error("the kubeconfig has no cluster for its context");
    this.#kubeconfig = kubeconfig;
    this.#server = new URL(cluster.server);
    this.#proxied = cluster.proxyUrl !== undefined;
    this.#agent = new (this.#module().Agent)({ keepAlive: true });
  }

  /** host:port, for messages. */
  get server(): string {
    return this.#server.host;
  }

  /**
   * Resolves with the answer's head; its body is still to be read. Rejects with Node's own error, or
   * CredentialsMissing.
   */
  async send(request: ApiRequest, signal: AbortSignal): Promise<http.IncomingMessage> {
    const options = { ...this.#placeOf(request), ...(await this.#credentials(signal)), method: request.method, signal };
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = { ...options.headers, ...headersOf(request, body) };
    return await new Promise((resolve, reject) => {
      const sent = this.#module().request({ ...options, headers }, resolve);
      sent.on("error", reject);
      sent.on("socket", (socket) => socket.setKeepAlive(true, keepAliveMs));
      sent.end(body);
    });
  }

  /** TLS options and headers. A plugin that gives credentials is a program of the user's: it may hang. */
  async #credentials(signal: AbortSignal): Promise<https.RequestOptions> {
    const options: https.RequestOptions = { headers: {} };
    try {
      await abortable(this.#kubeconfig.applyToHTTPSOptions(options), signal);
    } catch (error) {
      const why = signal.aborted ? new Error("its credential plugin did not end in time") : error;
      throw credentialsMissing(why, this.#kubeconfig.getCurrentContext());
    }
    return this.#proxied ? options : { ...options, agent: this.#agent };
  }

  #placeOf(request: ApiRequest): https.RequestOptions {
    const { pathname, hostname, port, protocol } = this.#server;
    const query = new URLSearchParams(request.query).toString();
    const path = `${pathname.replace(/\/$/, "")}${request.path}${query === "" ? "" : `?${query}`}`;
    return { protocol, host: hostname.replace(/^\[|\]$/g, ""), port, path };
  }

  #module(): typeof http | typeof https {
    return this.#server.protocol === "http:" ? http : https;
  }
}

function headersOf({ method, namesOnly, strategic }: ApiRequest, body: string | undefined): http.OutgoingHttpHeaders {
  const form = namesOnly === true ? ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" : "";
  const common = { accept: `application/json${form}`, "user-agent": "tunebench" };
  if (body === undefined) return common;
  const patch = strategic === true ? "application/strategic-merge-patch+json" : "application/merge-patch+json";
  const type = method === "PATCH" ? patch : "application/json";
  return { ...common, "content-type": type, "content-length": Buffer.byteLength(body) };
}
