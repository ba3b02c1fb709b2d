import type { Analysis } from "../../analysis/analysis.ts";
import { type Block, paragraph, type Section, type Text, type Tone } from "../blocks.ts";
import type { ReportInput } from "../report-input.ts";
import type { Effect, ProfileEffect } from "../words/effect.ts";
import { conclusionsOf } from "../words/effect-conclusions.ts";
import { effectSentence, interactionSentence, screenSentence } from "../words/effects.ts";
import { profilePiece } from "./pieces.ts";

/** What each profile does to a wall, or by the statistics, and what was seen of it; null where that is not told by profiles. */
export function profileEffectsSection(analysis: Analysis, effects: ProfileEffect[]): Section | null {
  if (effects.length === 0) return null;
  const rows = effects.map(({ profile, effect, how }): Text[] => [
    profilePiece(analysis, profile),
    { kind: "mark", ...effectLooks[effect] },
    how,
  ]);
  const columns = [{ title: "profile" }, { title: "effect" }, { title: "seen", wraps: true }];
  const caption = `Beside ${analysis.baseline}`;
  const title = "What each profile does";
  return {
    id: "profile-effects",
    title,
    reach: "everywhere",
    blocks: [{ kind: "table", caption, columns, rows, notes: [] }],
  };
}

const effectLooks: Record<Effect, { text: string; tone: Tone | null }> = {
  removed: { text: "removes the wall", tone: "good" },
  behind: { text: "takes the fault away", tone: "warn" },
  moved: { text: "moves the wall", tone: "warn" },
  ended: { text: "ends the bottleneck", tone: "good" },
  better: { text: "better", tone: "good" },
  mixed: { text: "better and worse", tone: "warn" },
  worse: { text: "worse", tone: "bad" },
  nothing: { text: "nothing", tone: null },
  same: { text: "the same", tone: null },
  fake: { text: "a fake win", tone: "bad" },
  open: { text: "within noise", tone: "open" },
  unclear: { text: "can't be told", tone: "open" },
  "not-measured": { text: "not measured", tone: "open" },
};

/** Which factor did it, what each does, and how they depend on one another; null without factors. */
export function factorEffectsSection({ run, analysis }: ReportInput): Section | null {
  if (analysis.mainEffects.length === 0) return null;
  const pairs = analysis.interactions.map((one) => interactionSentence(one, analysis.judged));
  const screened = analysis.screens.map(screenSentence);
  const screen: Block[] = screened.length === 0 ? [] : [{ kind: "list", items: screened }];
  const dependence: Block[] = pairs.length === 0 ? [] : [{ kind: "list", items: pairs }];
  return {
    id: "effects",
    title: "Effect of each factor",
    reach: "everywhere",
    blocks: [
      ...conclusionsOf(run, analysis).map((text) => paragraph({ kind: "strong", text })),
      ...screen,
      { kind: "list", items: analysis.mainEffects.map(effectSentence) },
      ...dependence.map(
        (block): Block => ({ kind: "group", title: "How the factors depend on one another", blocks: [block] }),
      ),
    ],
  };
}
