import { styleText } from "node:util";
import stringWidth from "string-width";
import { printable } from "../core/text.ts";
import { wrap } from "../core/words.ts";
import {
  type Block,
  type Facts,
  type Figure,
  type Group,
  type Piece,
  piecesOf,
  type Report,
  type Section,
  type Table,
  type Text,
  type Tone,
} from "./blocks.ts";
import { layOutTable, type TextColumn } from "./text-table.ts";

/** Where the text goes. Without colour no escape sequence is written. */
export interface TextStyle {
  width: number;
  color: boolean;
}

/** Values of a fact that are shown; the documents have all. */
const mostValues = 6;

/** A longer name stands above its row: cut, two profiles could look the same. */
const longestName = 24;

const tones = { good: "green", bad: "red", warn: "yellow", open: "yellow" } as const;

/** A report for a terminal or a pipe. Ends with a line end. */
export function renderTerminal({ headline, tone, lead, notices, sections }: Report, style: TextStyle): string {
  const paint = painter(style);
  const lines = (text: string, look: Look) => wrap(printable(text), style.width).map((line) => paint(look, line));
  const parts = [
    lines(headline, tone === null ? "bold" : tones[tone]),
    wrap(printable(lead.join(" ")), style.width),
    ...notices.map((notice) => lines(notice, "yellow")),
    ...sections.filter(({ reach }) => reach === "everywhere").map((section) => sectionLines(section, style)),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n")}\n`;
}

type Look = "bold" | "dim" | (typeof tones)[Tone];

/** Puts a look on text, or leaves it as it is where colour is not wanted. */
function painter({ color }: TextStyle): (look: Look, text: string) => string {
  return (look, text) => (color ? styleText(look, text, { validateStream: false }) : text);
}

function sectionLines({ title, blocks }: Section, style: TextStyle): string[] {
  const parts = blocks.map((block) => blockLines(block, style, "")).filter((lines) => lines.length > 0);
  const apart = parts.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
  return [painter(style)("bold", inline(title, style)), ...apart];
}

function blockLines(block: Block, style: TextStyle, indent: string): string[] {
  const { width } = style;
  switch (block.kind) {
    case "paragraph": {
      const lead = block.lead === undefined ? "" : `${block.lead}: `;
      const lines = wrap(`${lead}${inline(block.text, style)}`, width, indent);
      return block.muted === true ? lines.map((line) => painter(style)("dim", line)) : lines;
    }
    case "list":
      return block.items.flatMap((item) => wrap(inline(item, style), width, `${indent}    `, `${indent}  - `));
    case "notes":
      return block.items.flatMap((item, index) => wrap(inline(item, style), width, "      ", `  [${index + 1}] `));
    case "facts":
      return factLines(block, style, indent);
    case "table":
      return tableLines(block, style);
    case "group":
      return groupLines(block, style, indent);
    case "folded":
      return block.optional
        ? []
        : groupLines({ kind: "group", title: block.summary, blocks: block.blocks }, style, indent);
    case "quotation":
      return block.lines.flatMap((line) => wrap(printable(line), width, `${indent}  `, `${indent}> `));
    case "figure":
      return block.optional ? [] : figureLines(block, style);
  }
}

function groupLines({ title, blocks }: Group, style: TextStyle, indent: string): string[] {
  const heading = wrap(inline(title, style), style.width, `${indent}  `).map((line) => painter(style)("bold", line));
  return [...heading, ...blocks.flatMap((block) => blockLines(block, style, `${indent}    `))];
}

/** Its words, and its numbers instead of the picture. */
function figureLines({ title, description, numbers }: Figure, style: TextStyle): string[] {
  const words = wrap(printable(`${title}: ${description}`), style.width).map((line) => painter(style)("bold", line));
  return [...words, ...(numbers === null ? [] : tableLines(numbers, style))];
}

function factLines({ facts }: Facts, style: TextStyle, indent: string): string[] {
  return facts.flatMap(({ name, values }) => {
    const shown = values.slice(0, mostValues).map((value) => inline(value, style));
    const more = values.length > mostValues ? [`${values.length - mostValues} more`] : [];
    const text = `${inline(name, style)}: ${[...shown, ...more].join("; ")}`;
    return wrap(text, style.width, `${indent}    `, `${indent}  - `);
  });
}

function tableLines({ columns, rows, notes }: Table, style: TextStyle): string[] {
  const paint = painter(style);
  const own = withoutRepeats(rows.map((row) => row.map((cell) => inline(cell, style))));
  const cells = columns[0]?.wraps === true ? own : own.flatMap(withLongName);
  const { lines, leftOut } = layOutTable(columns.map(columnOf), cells, style.width);
  const [head = "", rule = "", ...body] = lines;
  const left = leftOut.length === 0 ? [] : [`Not shown at this width: ${leftOut.join(", ")}.`];
  const legend = wrap(printable([...notes, ...left].join(" ")), style.width);
  return [paint("bold", head), paint("dim", rule), ...body, ...legend.map((line) => paint("dim", line))];
}

function columnOf({ title, brief, numeric, drop, wraps }: Table["columns"][number]): TextColumn {
  return {
    title: printable(brief ?? title),
    align: numeric === true ? "right" : "left",
    dropOrder: drop ?? null,
    wraps: wraps === true,
  };
}

/** Cells at a row's beginning that are as in the row above are left empty. */
function withoutRepeats(rows: string[][]): string[][] {
  return rows.map((row, index) => {
    const above = rows[index - 1];
    const same = above === undefined ? 0 : row.findIndex((cell, place) => cell !== above[place]);
    return row.map((cell, place) => (place < same ? "" : cell));
  });
}

function withLongName(cells: string[]): string[][] {
  const [name = "", ...others] = cells;
  return stringWidth(name) <= longestName ? [cells] : [[name], ["", ...others]];
}

/** Details are left out. */
function inline(text: Text, style: TextStyle): string {
  return piecesOf(text)
    .map((piece) => pieceText(piece, style))
    .join("")
    .trim();
}

function pieceText(piece: Piece, style: TextStyle): string {
  if (typeof piece === "string") return printable(piece);
  switch (piece.kind) {
    case "detail":
      return "";
    case "profile":
      return `${printable(piece.name)}${piece.caveats.length === 0 ? "" : ` [${piece.caveats.join(",")}]`}`;
    case "mark": {
      const words = printable(piece.brief ?? piece.text);
      return piece.tone === null ? words : painter(style)(tones[piece.tone], words);
    }
    default:
      return printable(piece.text);
  }
}
