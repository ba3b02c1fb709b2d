import { constants } from "node:os";
import type { FaultSignature } from "../results/criteria.ts";

/**
 * Texts by which every suite's faults are known, beside its own. Error names as Node prints them, and the C library's words
 * (strerror) as Go, Python and most others do.
 */
const builtInFaults: readonly FaultSignature[] = [
  { kind: "EADDRNOTAVAIL", match: "cannot assign requested address", in: "body" },
  { kind: "EADDRNOTAVAIL", match: "cannot assign requested address", in: "log" },
  { kind: "EADDRNOTAVAIL", match: "EADDRNOTAVAIL", in: "body" },
  { kind: "EADDRNOTAVAIL", match: "EADDRNOTAVAIL", in: "log" },
  { kind: "ECONNREFUSED", match: "connection refused", in: "body" },
  { kind: "ECONNREFUSED", match: "ECONNREFUSED", in: "body" },
  { kind: "ECONNRESET", match: "connection reset by peer", in: "body" },
  { kind: "ECONNRESET", match: "ECONNRESET", in: "body" },
  { kind: "ETIMEDOUT", match: "connection timed out", in: "body" },
  { kind: "ETIMEDOUT", match: "ETIMEDOUT", in: "body" },
  { kind: "EMFILE", match: "too many open files", in: "body" },
  { kind: "EMFILE", match: "EMFILE", in: "body" },
];

/** The suite's own signatures first (the first that matches names the fault), then the built-in ones that it has not repeated. */
export function withBuiltInFaults(own: FaultSignature[]): FaultSignature[] {
  const missing = builtInFaults.filter(
    (built) => !own.some((fault) => fault.match === built.match && fault.in === built.in),
  );
  return [...own, ...missing.map((fault) => ({ ...fault }))];
}

/** Whether something can report a fault of this kind: a declared kind, an errno's name, or a failing status (`HTTP 503`). */
export function knownFaultKind(kind: string, declared: string[]): boolean {
  return declared.includes(kind) || /^HTTP [45][0-9]{2}$/.test(kind) || Object.hasOwn(constants.errno, kind);
}

/** Kinds to compare a misspelt one with. */
export function faultKindCandidates(declared: string[]): string[] {
  return [...declared, ...Object.keys(constants.errno), "HTTP 500", "HTTP 502", "HTTP 503", "HTTP 504"];
}
