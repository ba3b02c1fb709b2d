import type { FaultSignature } from "../results/criteria.ts";

/** The first log signature whose text a line of the target's output holds, case ignored; null where none does. */
export function matchLine(signatures: FaultSignature[], line: string): FaultSignature | null {
  const text = line.toLowerCase();
  return signatures.find(({ in: place, match }) => place === "log" && text.includes(match.toLowerCase())) ?? null;
}
