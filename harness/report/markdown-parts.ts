import { formatP } from "../core/numbers.ts";
import { printable } from "../core/text.ts";
import type { ComparisonRow } from "./comparison.ts";
import { type Footnote, footnoteNumbers } from "./doubts.ts";

/** What the sections in Markdown are made of. */

/** A profile's name with the numbers of its doubts. */
export function markdownName({ profile }: ComparisonRow, notes: Footnote[]): string {
  const marks = footnoteNumbers(notes, profile).map((number) => `[${number}]`);
  return `${escapeMarkdown(profile)}${marks.length > 0 ? ` <sup>${marks.join(" ")}</sup>` : ""}`;
}

/** The ratio over the baseline with its p. */
export function markdownRatio({ ratio, comparison }: ComparisonRow): string {
  const p = comparison?.p ?? null;
  return `${ratio}${p === null ? "" : `, ${formatP(p)}`}`;
}

export function markdownVerdict({ verdict }: ComparisonRow): string {
  return verdict === "inconclusive" ? "~ inconclusive" : (verdict ?? "");
}

/** A table; each character of `aligns` a column: l or r. Cells must be escaped. */
export function markdownTable(head: string[], aligns: string, rows: string[][]): string {
  const rule = [...aligns].map((align) => (align === "r" ? "--:" : "---"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/**
 * Untrusted text stays text: no HTML, links, images, emphasis or table cells from it. What forges make of bare text (@mentions,
 * #1, addresses) is parted by a space of no width; a dollar sign in an element of its own begins no formula.
 * https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions
 */
export function escapeMarkdown(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_{}[\]|~#!]/g, "\\$&")
    .replace(/\\#(?=\d)|@(?=\w)|:(?=\/\/)|\bwww(?=\.)/gi, "$&&#8203;")
    .replaceAll("$", "<span>$</span>");
}
