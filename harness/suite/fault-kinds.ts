import { constants } from "node:os";
import { faultTexts, isNamedFault, namedFaults } from "../knowledge/faults.ts";
import type { FaultSignature } from "../results/criteria.ts";

/** What a failed check is called where the suite says no name (`faults: checks`). */
export const failedCheck = "CHECK_FAILED";

/** Texts by which every suite's faults are known, beside its own: in a failed response, and in the target's log. */
const builtInFaults: readonly FaultSignature[] = faultTexts.flatMap(({ kind, text }) => [
  { kind, match: text, in: "body" as const },
  { kind, match: text, in: "log" as const },
]);

/** The suite's own signatures first (the first that matches names the fault), then the built-in ones that it has not repeated. */
export function withBuiltInFaults(own: FaultSignature[]): FaultSignature[] {
  const missing = builtInFaults.filter(
    (built) => !own.some((fault) => fault.match === built.match && fault.in === built.in),
  );
  return [...own, ...missing.map((fault) => ({ ...fault }))];
}

/** Whether something can report a fault of this kind: a declared kind, one with a text, an errno's name, or a failing status (`HTTP 503`). */
export function knownFaultKind(kind: string, declared: string[]): boolean {
  if (isNamedFault(kind) || kind === failedCheck) return true;
  return declared.includes(kind) || /^HTTP [45][0-9]{2}$/.test(kind) || Object.hasOwn(constants.errno, kind);
}

/** Kinds to compare a misspelt one with. */
export function faultKindCandidates(declared: string[]): string[] {
  return [
    ...declared,
    failedCheck,
    ...namedFaults,
    ...Object.keys(constants.errno),
    "HTTP 500",
    "HTTP 502",
    "HTTP 503",
    "HTTP 504",
  ];
}
