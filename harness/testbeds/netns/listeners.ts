import { readFileSync } from "node:fs";

/** A listening socket on a port. */
export interface Listener {
  loopbackOnly: boolean;
}

/** Sockets that listen on a TCP port in the namespace of a process; empty where it is gone. */
export function listenersIn(pid: number, port: number): Listener[] {
  return ["tcp", "tcp6"].flatMap((table) => {
    try {
      return listenersOf(readFileSync(`/proc/${pid}/net/${table}`, "utf8"), port);
    } catch {
      return [];
    }
  });
}

/** The same from the text of /proc/net/tcp or tcp6 (Documentation/networking/proc_net_tcp.rst): state 0A is LISTEN. */
export function listenersOf(table: string, port: number): Listener[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table
    .split("\n")
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local, , state]) => state === "0A" && local?.endsWith(suffix))
    .map(([, local = ""]) => ({ loopbackOnly: isLoopback(local.slice(0, -suffix.length)) }));
}

/** Addresses are printed as host-order words: 127.0.0.1 is 0100007F on little-endian machines, 7F000001 on big-endian ones. */
function isLoopback(hex: string): boolean {
  if (hex.length === 8) return hex.endsWith("7F") || hex.startsWith("7F0000");
  return hex === "00000000000000000000000001000000" || hex === "00000000000000000000000000000001";
}
