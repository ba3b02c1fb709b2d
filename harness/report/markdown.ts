import { printable } from "../core/text.ts";
import {
  type Block,
  type Facts,
  type Piece,
  piecesOf,
  type Report,
  type Section,
  type Table,
  type Text,
  type Tone,
} from "./blocks.ts";

const signs: Partial<Record<Tone, string>> = { good: "✅ ", bad: "❌ ", open: "⚠️ " };

/** A report as GitHub-flavoured Markdown: for a comment on a pull request or a wiki. */
export function renderMarkdown({ title, headline, tone, lead, notices, sections }: Report): string {
  return `${joined([
    `## ${tone === null ? "" : (signs[tone] ?? "")}${escapeMarkdown(title)}`,
    `**${escapeMarkdown(headline)}**`,
    escapeMarkdown(lead.join(" ")),
    ...notices.map(escapeMarkdown),
    ...sections.filter(({ reach }) => reach !== "page").map(sectionText),
  ])}\n`;
}

function sectionText({ title, blocks }: Section): string {
  return joined([`### ${inline(title)}`, ...blocks.map(blockText)]);
}

function joined(parts: string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return `${block.lead === undefined ? "" : `**${block.lead}:** `}${inline(block.text)}`;
    case "list":
      return block.items.map((item) => `- ${inline(item)}`).join("\n");
    case "notes":
      return block.items.map((item, index) => `${index + 1}. ${inline(item)}`).join("\n");
    case "facts":
      return factLines(block);
    case "table":
      return tableText(block);
    case "group":
      return joined([`#### ${inline(block.title)}`, ...block.blocks.map(blockText)]);
    case "folded":
      return folded(escapeMarkdown(block.summary), block.blocks.map(blockText));
    case "quotation":
      return block.lines.map((line) => `> ${escapeMarkdown(line)}`).join("\n");
    case "figure": {
      const words = escapeMarkdown(`${block.title}: ${block.description}`);
      return block.numbers === null ? words : folded(words, [tableText(block.numbers)]);
    }
  }
}

function folded(summary: string, blocks: string[]): string {
  return `<details><summary>${summary}</summary>\n\n${joined(blocks)}\n\n</details>`;
}

function factLines({ facts }: Facts): string {
  return facts.map(({ name, values }) => `- **${inline(name)}**: ${values.map(inline).join("; ")}`).join("\n");
}

function tableText({ columns, rows, notes }: Table): string {
  const head = columns.map(({ title }) => escapeMarkdown(title));
  const rule = columns.map(({ numeric }) => (numeric === true ? "--:" : "---"));
  const lines = [head, rule, ...rows.map((cells) => cells.map(inline))].map((cells) => `| ${cells.join(" | ")} |`);
  return joined([lines.join("\n"), escapeMarkdown(notes.join(" "))]);
}

/** Details stand behind what they belong to, in brackets. */
function inline(text: Text): string {
  const isDetail = (piece: Piece) => typeof piece !== "string" && piece.kind === "detail";
  const details = piecesOf(text).filter(isDetail);
  const rest = piecesOf(text)
    .filter((piece) => !isDetail(piece))
    .map(pieceText)
    .join("")
    .trim();
  return details.length === 0 ? rest : `${rest} (${details.map(pieceText).join(", ")})`;
}

function pieceText(piece: Piece): string {
  if (typeof piece === "string") return escapeMarkdown(piece);
  switch (piece.kind) {
    case "profile": {
      const marks = piece.caveats.map((number) => `[${number}]`);
      return `${escapeMarkdown(piece.name)}${marks.length > 0 ? ` <sup>${marks.join(" ")}</sup>` : ""}`;
    }
    case "mark":
      return piece.tone === "bad" && piece.pill !== true
        ? `**${escapeMarkdown(piece.text)}**`
        : escapeMarkdown(piece.text);
    case "strong":
      return `**${escapeMarkdown(piece.text)}**`;
    case "code":
      return `\`${printable(piece.text).replaceAll("`", "").replaceAll("|", "\\|")}\``;
    default:
      return escapeMarkdown(piece.text);
  }
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
