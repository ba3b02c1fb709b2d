import { wrap } from "../core/words.ts";
import { contentsOf, type Page, type PageBlock } from "../knowledge/page.ts";
import type { Setting } from "../knowledge/setting.ts";

const indent = "  ";

/** A setting's page for a screen, no line wider than `width` but for words that can't be cut. */
export function pageText({ title, summary, sections }: Page, width: number): string {
  const head = [title, ...wrap(plain(summary), width, indent)];
  const rest = sections.flatMap((section) => [
    "",
    section.title.toUpperCase(),
    ...section.blocks.flatMap((block, at) => [...gapBefore(section.blocks, at), ...blockLines(block, width)]),
  ]);
  return [...head, ...rest].map((line) => `${line}\n`).join("");
}

/** Every setting in a line, by area. */
export function contentsText(settings: readonly Setting[], width: number): string {
  const lines = contentsOf(settings).flatMap(({ title, settings: of }, at) => [
    ...(at === 0 ? [] : [""]),
    title,
    ...of.flatMap(({ key, summary }) => term(key, summary, width, columnOf(of, width))),
  ]);
  return [...lines, "", "tunebench explain KEY says all that is known of one."].map((line) => `${line}\n`).join("");
}

/** As wide as the longest key that leaves half of the screen. */
function columnOf(settings: Setting[], width: number): number {
  return Math.max(...settings.map(({ key }) => key.length).filter((length) => length <= width / 2));
}

/** Paragraphs stand apart, and a list from what is before it; text and terms do not from the title. */
function gapBefore(blocks: PageBlock[], at: number): string[] {
  return at === 0 || blocks[at]?.kind === "terms" ? [] : [""];
}

function blockLines(block: PageBlock, width: number): string[] {
  if (block.kind === "text") return wrap(plain(block.text), width, indent);
  if (block.kind === "list") return block.items.flatMap((item) => wrap(plain(item), width, "    ", "  - "));
  const widest = Math.min(20, Math.max(...block.rows.map(([name]) => name.length)));
  return block.rows.flatMap(([name, words]) => term(name, plain(words), width, widest));
}

/** A word and what is said of it beside it; below it where the word is long. */
function term(name: string, words: string, width: number, column: number): string[] {
  const beside = " ".repeat(indent.length + column + 2);
  const lines = wrap(words, width, beside);
  if (name.length > column) return [`${indent}${name}`, ...lines];
  const [first = "", ...others] = lines;
  return [`${indent}${name.padEnd(column)}  ${first.trimStart()}`.trimEnd(), ...others];
}

/** On a screen words stand for themselves. */
function plain(text: string): string {
  return text.replaceAll("`", "");
}
