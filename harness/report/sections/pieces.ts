import type { Analysis, RatioRange, Verdict } from "../../analysis/analysis.ts";
import type { Piece, Tone } from "../blocks.ts";
import { formatComparison } from "../measures.ts";

/** Pieces that several sections are made of. */

/** A profile's name behind its colour, the same everywhere; with the numbers of the caveats that qualify what stands beside it. */
export function profilePiece({ profiles }: Analysis, name: string, caveats: number[] = []): Piece {
  return { kind: "profile", name, place: profiles.findIndex((profile) => profile.name === name), caveats };
}

const verdicts: Record<Verdict, { text: string; tone: Tone | null; sign?: string; brief?: string }> = {
  better: { text: "better", tone: "good", sign: "\u25B2" },
  worse: { text: "worse", tone: "bad", sign: "\u25BC" },
  same: { text: "same", tone: null, sign: "=" },
  inconclusive: { text: "~ inconclusive", tone: "open", brief: "~" },
};

export function verdictMark(verdict: Verdict): Piece {
  return { kind: "mark", ...verdicts[verdict] };
}

/** A ratio over the baseline in numbers, and to be drawn. */
export function ratioPiece(ratio: RatioRange | null): Piece {
  return { kind: "ratio", text: formatComparison(ratio ?? undefined), ratio };
}

/** "~ is inconclusive: REASON; REASON." */
export function openNote(reasons: string[]): string {
  return `~ is inconclusive${reasons.length === 0 ? "" : `: ${reasons.join("; ").replace(/\.$/, "")}`}.`;
}
