import type { DatagramsSample, LiveSample } from "../../results/live-samples.ts";
import { formatAddress } from "../address.ts";
import { readProc } from "../proc.ts";
import type { Look } from "../sampler.ts";

/** Looks at the UDP sockets of a namespace. A namespace that is gone gives no sample. */
export function createDatagramsLook(
  { role, namespacePid }: { role: string; namespacePid: number | "self" },
  { now, onSample }: { now: () => number; onSample: (sample: LiveSample) => void },
): Look {
  return () => {
    const net = `/proc/${namespacePid}/net`;
    const [four, six] = [readProc(`${net}/udp`), readProc(`${net}/udp6`)];
    const sockets = parseUdp(`${four ?? ""}${six ?? ""}`);
    if (four !== null) onSample({ kind: "datagrams", atMs: now(), role, sockets });
    return four !== null;
  };
}

/**
 * Sockets with a queue or with drops: rows are `sl: local:port remote:port st tx:rx tr:when retrnsmt uid timeout inode ref pointer drops`. What waits
 * is counted as the memory that it takes of the receive buffer, as its limit is. Source: net/ipv4/udp.c udp4_format_sock.
 */
export function parseUdp(text: string): DatagramsSample["sockets"] {
  return text.split("\n").flatMap((line) => {
    const [, local = "", , , queues = "", ...rest] = line.trim().split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    const queuedBytes = Number.parseInt(queues.split(":")[1] ?? "", 16);
    const drops = Number(rest.at(-1));
    if (!/^[0-9A-F]{4}$/.test(port) || !(queuedBytes > 0 || drops > 0)) return [];
    return [{ address: formatAddress(address), port: Number.parseInt(port, 16), queuedBytes, drops }];
  });
}
