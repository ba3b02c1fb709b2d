import type { RatioRange } from "../analysis/analysis.ts";
import type { Chart } from "./charts/chart.ts";

/**
 * What a report says, as data that every format renders its own way. Each concept is written once, as a section; a new
 * format is one renderer of these blocks. Text is of unknown origin (suites, logs, platforms): renderers escape it, and nobody else does.
 */
export interface Report {
  /** What it is about: the suite, or the gate's. */
  title: string;
  /** A few words beside the title: how much was run, when, with what. */
  facts: string[];
  /** The answer, in a sentence. */
  headline: string;
  tone: Tone | null;
  /** What the answer rests on, in sentences. */
  lead: string[];
  /** What must be known before anything is believed: that the run was cut off. */
  notices: string[];
  sections: Section[];
}

/** Where a section is shown: everywhere; in documents (Markdown, the page), which have room; on the page alone, which links and folds. */
export type SectionReach = "everywhere" | "documents" | "page";

export interface Section {
  /** Lower-case and unique in the report: what links lead to. */
  id: string;
  title: Text;
  reach: SectionReach;
  blocks: Block[];
}

export type Block = Paragraph | List | Table | Facts | Group | Folded | Quotation | Figure;

export interface Paragraph {
  kind: "paragraph";
  text: Text;
  /** A word that says what it is: "Remedy". */
  lead?: string;
  /** A legend or a remark on what stands beside it. */
  muted?: boolean;
}

/** Sentences of equal rank. Those of `notes` are numbered from 1 on, and what they qualify names their numbers. */
export interface List {
  kind: "list" | "notes";
  items: Text[];
}

export interface Table {
  kind: "table";
  /** What is in it, for who can't see the title above. */
  caption: string;
  columns: Column[];
  /** A cell for each column; the first one names the row. */
  rows: Text[][];
  /** Sentences without which the table can't be read. */
  notes: string[];
}

export interface Column {
  title: string;
  /** The title where there is little room. */
  brief?: string;
  /** A name: never with another first letter. */
  isName?: boolean;
  /** Stands at the right. */
  numeric?: boolean;
  /** Where the table is too wide, columns with the highest number go first, equals together; without one a column stays. */
  drop?: number;
  /** Long sentences, which are broken within the column. */
  wraps?: boolean;
}

/** Names with their values; several values are equals, the most telling first. */
export interface Facts {
  kind: "facts";
  facts: { name: Text; values: Text[] }[];
}

/** Blocks of a section that belong together, under a heading of their own. `side`: a word beside it. */
export interface Group {
  kind: "group";
  title: Text;
  blocks: Block[];
}

/** What most readers don't need: folded where that can be done. Elsewhere it is left out if it is optional. */
export interface Folded {
  kind: "folded";
  summary: string;
  optional: boolean;
  blocks: Block[];
}

/** Lines that a program or a platform wrote. */
export interface Quotation {
  kind: "quotation";
  lines: string[];
}

/** A picture and what it says in words; formats without pictures print the words. */
export interface Figure {
  kind: "figure";
  title: string;
  description: string;
  chart: Chart;
  /** What is drawn, as a table; null where it is too much. */
  numbers: Table | null;
  /** Another one stands for it where nothing can be folded. */
  optional: boolean;
}

export type Tone = "good" | "bad" | "warn" | "open";

export type Text = Piece | readonly Piece[];

export type Piece =
  | string
  | { kind: "strong" | "code" | "muted"; text: string }
  /** Leads to a file beside the page; only the page links. `href` is a path relative to it, percent-encoded. */
  | { kind: "link"; text: string; href: string }
  /** A smaller second line of a cell, which a terminal has no room for. */
  | { kind: "detail"; text: string; code?: boolean }
  /** A profile by its name, with the numbers of its caveats. `place` of the run's profiles decides its colour. */
  | { kind: "profile"; name: string; place: number; caveats: number[] }
  /** A verdict, a goal's state, an outcome (`pill`). `brief`: the same in a character. */
  | { kind: "mark"; text: string; tone: Tone | null; brief?: string; sign?: string; pill?: boolean }
  /** A ratio over the baseline with its interval: drawn where that can be done, on an axis that the column shares. */
  | { kind: "ratio"; text: string; ratio: RatioRange | null };

export function piecesOf(text: Text): readonly Piece[] {
  return Array.isArray(text) ? text : [text as Piece];
}

/** Without any mark-up or detail. */
export function plainText(text: Text): string {
  return piecesOf(text)
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if (piece.kind === "profile") return piece.name;
      return piece.kind === "detail" ? "" : piece.text;
    })
    .join("");
}

export function paragraph(text: Text): Paragraph {
  return { kind: "paragraph", text };
}

export function muted(text: Text): Paragraph {
  return { kind: "paragraph", text, muted: true };
}

/** A smaller second line; nothing for null. */
export function detail(text: string | null): Piece[] {
  return text === null ? [] : [{ kind: "detail", text }];
}
