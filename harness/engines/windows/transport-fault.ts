import { constants } from "node:os";
import type { Side } from "../../results/window.ts";
import type { Attributes } from "./decode-otlp.ts";

/** A fault's kind and whose limit it was. */
export interface Fault {
  kind: string;
  side: Side;
}

/** k6's error codes that name one cause. Source: k6 v2.2.0, lib/netext/httpext/error_codes.go. */
const byErrorCode: Record<string, string> = {
  1050: "REQUEST_TIMEOUT",
  1101: "ENOTFOUND",
  1201: "EPIPE",
  1211: "ETIMEDOUT",
  1212: "ECONNREFUSED",
  1220: "ECONNRESET",
};

/** Failures of a dial that are the dialling machine's own: no free local port, no descriptor, no memory. */
const ownLimits = ["EADDRNOTAVAIL", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"];

const errnoNames = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/**
 * Fault of a request without a response, by what k6's own tags (error_code, error) say of it, or the kind that our listener in Locust has told. A dial's errno decides, not its code:
 * EADDRNOTAVAIL and EMFILE share 1213. All else without a response is put down to the target, the side that was asked.
 */
export function transportFault(attributes: Attributes): Fault {
  const { error_code: code = "", error = "", tunebench_kind: told } = attributes;
  if (told !== undefined) return { kind: told, side: "target" };
  const errno = /\berrno `?(\d+)/.exec(error)?.[1];
  if (errno !== undefined) return errnoFault(Number(errno));
  const known = byErrorCode[code];
  if (known !== undefined) return { kind: known, side: "target" };
  if (/\bEOF$/.test(error)) return { kind: "EOF", side: "target" };
  return { kind: code === "" ? "UNKNOWN" : `k6 error ${code}`, side: "target" };
}

function errnoFault(errno: number): Fault {
  const kind = errnoNames.get(errno) ?? `errno ${errno}`;
  return { kind, side: ownLimits.includes(kind) ? "generator" : "target" };
}
