import { answerOf } from "../core/answer-of.ts";
import { normalValue, procFile } from "../knowledge/keys.ts";
import type { ListenLimit } from "../observe/seen.ts";
import { namespaceOf } from "../sampling/namespace.ts";
import { readProc } from "../sampling/proc.ts";

/** What is asked inside a network namespace: read only. null: it can't be entered, or the program is not there. */
export interface Inside {
  /** Effective values of sysctls; a key that is not there is not in the map. */
  values(keys: readonly string[]): Promise<Map<string, string> | null>;
  /** Limits of listening sockets, TCP and Unix, and the receive buffers of UDP sockets: what /proc does not show. */
  sockets(): Promise<SocketLimits | null>;
}

export interface SocketLimits {
  listenLimits: ListenLimit[];
  receiveBuffers: { port: number; bytes: number }[];
}

/**
 * Our own namespace, which needs no right, or a process': entering that needs its user's rights over it (root's, or those of who made its user
 * namespace). /proc/sys is the reader's namespace, so that reading it means to be inside.
 */
export function insideOf(pid: number): Inside {
  if (namespaceOf(pid) === namespaceOf("self")) return own;
  return {
    values: async (keys) => {
      const paths = new Map(keys.map((key) => [procFile(key), key]));
      // -s: absent files are no news; -H with an empty pattern gives "path:line" for every line.
      const text = await entered(pid, ["grep", "-sH", "", "--", ...paths.keys()]);
      return text === null ? null : parseValues(text, paths);
    },
    sockets: async () => limitsIn(await entered(pid, listenersArgv), await entered(pid, datagramsArgv)),
  };
}

const own: Inside = {
  values: async (keys) =>
    new Map(
      keys.flatMap((key) => {
        const text = readProc(procFile(key));
        return text === null ? [] : [[key, normalValue(text)] as const];
      }),
    ),
  sockets: async () => limitsIn(await said(listenersArgv), await said(datagramsArgv)),
};

const listenersArgv = ["ss", "-Hlntx"];
const datagramsArgv = ["ss", "-Huanm"];

/** First as root may, then as who made the namespace's user namespace (rootless containers). */
async function entered(pid: number, argv: string[]): Promise<string | null> {
  const target = ["-t", String(pid), "--net"];
  return (
    (await said(["nsenter", ...target, ...argv])) ??
    (await said(["nsenter", "--user", "--preserve-credentials", ...target, ...argv]))
  );
}

/** grep and ss end with 1 where a file is absent or nothing is found: what was printed counts. */
async function said([program = "", ...args]: string[]): Promise<string | null> {
  const { stdout, failure } = await answerOf(program, args);
  return failure === null || stdout !== "" ? stdout : null;
}

function parseValues(text: string, paths: Map<string, string>): Map<string, string> | null {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    const key = paths.get(line.slice(0, Math.max(colon, 0)));
    if (key !== undefined) values.set(key, normalValue(`${values.get(key) ?? ""} ${line.slice(colon + 1)}`));
  }
  return values.size === 0 ? null : values;
}

function limitsIn(listeners: string | null, datagrams: string | null): SocketLimits | null {
  if (listeners === null) return null;
  return { listenLimits: parseListeners(listeners), receiveBuffers: parseDatagrams(datagrams ?? "") };
}

/** `u_str LISTEN 0 128 /run/app.sock 1234 * 0` and `tcp LISTEN 0 511 0.0.0.0:8080 0.0.0.0:*`: Send-Q of a listening row is its limit. ss(8). */
export function parseListeners(text: string): ListenLimit[] {
  return text.split("\n").flatMap((line): ListenLimit[] => {
    const [kind = "", state, , limit = "", local = ""] = line.trim().split(/\s+/);
    if (state !== "LISTEN" || !/^\d+$/.test(limit)) return [];
    if (kind.startsWith("u_")) return [{ path: local, limit: Number(limit) }];
    const port = /:(\d+)$/.exec(local)?.[1];
    return kind === "tcp" && port !== undefined ? [{ port: Number(port), limit: Number(limit) }] : [];
  });
}

/** `UNCONN 0 0 0.0.0.0:53 0.0.0.0:* skmem:(r0,rb212992,...)`, the last also on a line of its own; the smallest buffer of a port. */
export function parseDatagrams(text: string): SocketLimits["receiveBuffers"] {
  const rows = text.replace(/\n\s+/g, " ").split("\n");
  const byPort = new Map<number, number>();
  for (const row of rows) {
    const [, port, bytes] = /^\S+\s+\d+\s+\d+\s+\S*:(\d+)\s.*\brb(\d+)/.exec(row) ?? [];
    if (port === undefined || bytes === undefined) continue;
    byPort.set(Number(port), Math.min(byPort.get(Number(port)) ?? Infinity, Number(bytes)));
  }
  return [...byPort].map(([port, bytes]) => ({ port, bytes }));
}
