import { escapeMarkdown, markdownTable } from "./markdown-parts.ts";
import type { ReportInput } from "./report-input.ts";
import {
  calibrationHeads,
  calibrationLegend,
  calibrationRows,
  effectSentences,
  noiseLegend,
  verdictRows,
} from "./verdicts.ts";
import { recheckSentence } from "./words/recheck.ts";

/** Every verdict with the noise beside it. */
export function verdictsSection({ analysis }: ReportInput): string {
  const rows = verdictRows(analysis);
  if (rows.length === 0) return "";
  const body = rows.map(({ profile, label, ratio, p, noise, finds, verdict }) => [
    escapeMarkdown(profile),
    label,
    ratio,
    p,
    noise,
    finds,
    verdict === "inconclusive" ? "~ inconclusive" : verdict,
  ]);
  const head = ["profile", "measure", "vs baseline", "p", "noise", "finds", "verdict"];
  const legend = noiseLegend(analysis);
  const notes = legend === null ? "" : `\n\n${escapeMarkdown(legend)}`;
  return `## Verdicts\n\n${markdownTable(head, "lllrrrl", body)}${notes}`;
}

/** The winner's fresh blocks. */
export function recheckSection({ analysis }: ReportInput): string {
  return analysis.recheck === null ? "" : escapeMarkdown(recheckSentence(analysis.recheck));
}

/** What runs of different sizes can tell, by a calibration. */
export function calibrationSection({ analysis }: ReportInput): string {
  const rows = calibrationRows(analysis);
  if (rows.length === 0) return "";
  const body = rows.map(({ measure, blocks, noise, finds, sameWithin }) => [measure, blocks, noise, finds, sameWithin]);
  return `## Calibration\n\n${markdownTable(calibrationHeads, "lrrrr", body)}\n\n${calibrationLegend}`;
}

/** Which factor did it, what each does, and how they depend on one another. */
export function effectsSection(input: ReportInput): string {
  const { conclusions, effects, interactions } = effectSentences(input);
  if (effects.length === 0) return "";
  const list = (sentences: string[]) => sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`).join("\n");
  const parts = [conclusions.map(escapeMarkdown).join(" "), list(effects), list(interactions)];
  return `## Effect of each factor\n\n${parts.filter((part) => part !== "").join("\n\n")}`;
}
