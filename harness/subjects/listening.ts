import { closeSync, openSync, readSync } from "node:fs";
import { formatAddress } from "../sampling/address.ts";

/** What a listening row of a table is for, and the inode by which its socket is known. */
export interface ListeningSocket {
  address: string;
  port: number;
  inode: string;
}

const pageBytes = 4096;
/** More listeners than fit in so many pages are not looked through. */
const mostPages = 64;

/** Listening sockets of a process' namespace. Their rows come first, so that no more of a large table is read. [] where it can't be read. */
export function listeningSockets(pid: number | "self"): ListeningSocket[] {
  return [`/proc/${pid}/net/tcp`, `/proc/${pid}/net/tcp6`].flatMap((path) => parseListening(firstPages(path)));
}

/** Rows are `sl: local:port remote:port st tx:rx tr:when retrnsmt uid timeout inode`; st 0A listens. */
export function parseListening(text: string): ListeningSocket[] {
  return text.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state !== "0A" || inode === undefined) return [];
    const [address = "", port = ""] = local.split(":");
    return [{ address: formatAddress(address), port: Number.parseInt(port, 16), inode }];
  });
}

function firstPages(path: string): string {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return "";
  }
  try {
    let text = "";
    const page = Buffer.alloc(pageBytes);
    for (let pages = 0; pages < mostPages; pages++) {
      const bytes = readSync(file, page, 0, pageBytes, null);
      text += page.toString("latin1", 0, bytes);
      if (bytes < pageBytes - 512 || !/ 0A [0-9A-F]{8}:[^\n]*\n[^\n]*$/.test(text)) break;
    }
    return text;
  } catch {
    return "";
  } finally {
    closeSync(file);
  }
}
