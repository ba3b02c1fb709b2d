import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setImmediate as immediately } from "node:timers/promises";
import { parse, stringify } from "yaml";

/** A way to a cluster's API server that a test can cut. */
export interface ClusterProxy {
  /** A kubeconfig like the given one, whose server is the proxy. */
  kubeconfig: string;
  /** Ends all connections, as a server that is restarted does; new ones go through. */
  cut(): void;
  /** Ends all connections and refuses new ones, until `open`. */
  close(): Promise<void>;
  open(): Promise<void>;
  /**
   * From now on nothing that the server says comes through, on connections that there are and on new ones, until the
   * next cut.
   */
  hold(): void;
}

interface Kubeconfig {
  "current-context": string;
  contexts: { name: string; context: { cluster: string } }[];
  clusters: { name: string; cluster: { server: string; "tls-server-name"?: string } }[];
}

/**
 * Carries bytes between loopback and the server of a kubeconfig's context, TLS untouched: the kubeconfig that it writes
 * has a name that every API server's certificate has.
 */
export async function openClusterProxy(request: {
  kubeconfig: string;
  context: string;
  folder: string;
}): Promise<ClusterProxy> {
  const config: Kubeconfig = parse(readFileSync(request.kubeconfig, "utf8"));
  const cluster = clusterOf(config, request.context);
  const real = new URL(cluster.server);
  const relay = new Relay(real.hostname, Number(real.port || 443));
  await relay.open();
  cluster.server = `https://127.0.0.1:${relay.port}`;
  cluster["tls-server-name"] ??= "kubernetes.default.svc";
  const kubeconfig = join(request.folder, "kubeconfig-by-proxy");
  writeFileSync(kubeconfig, stringify(config), { mode: 0o600 });
  return {
    kubeconfig,
    cut: () => relay.cut(),
    hold: () => relay.hold(),
    close: () => relay.close(),
    open: () => relay.open(),
  };
}

function clusterOf(config: Kubeconfig, context: string): Kubeconfig["clusters"][number]["cluster"] {
  const name = config.contexts.find((each) => each.name === context)?.context.cluster;
  const found = config.clusters.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no context ${context} in the kubeconfig`);
  return found.cluster;
}

class Relay {
  readonly #host: string;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  readonly #answers = new Map<Socket, Socket>();
  #server: Server | null = null;
  #held = false;
  port = 0;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  async open(): Promise<void> {
    const server = createServer((client) => this.#carry(client));
    server.listen(this.port, "127.0.0.1");
    await once(server, "listening");
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  hold(): void {
    this.#held = true;
    for (const [upstream, client] of this.#answers) upstream.unpipe(client);
  }

  cut(): void {
    this.#held = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    this.cut();
    await closed;
    while (!(await this.#isRefused())) await immediately();
  }

  /** A program that is being started at that moment, whoever starts it, still has the server's socket for an instant. */
  async #isRefused(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const socket = connect(this.port, "127.0.0.1", () => resolve(false));
    socket.on("error", (error) => resolve("code" in error && error.code === "ECONNREFUSED"));
    const refused = await promise;
    socket.destroy();
    return refused;
  }

  #carry(client: Socket): void {
    const upstream = connect(this.#port, this.#host);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.pipe(upstream);
    if (!this.#held) upstream.pipe(client);
    this.#answers.set(upstream, client);
    upstream.on("close", () => this.#answers.delete(upstream));
  }
}
