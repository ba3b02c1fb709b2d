import { Document, type DocumentOptions } from "yaml";
import { lineStart } from "./offsets.ts";

/** How a file is written, so that what is added looks like it. */
export interface Style {
  eol: "\n" | "\r\n";
  /** JSON: keys and texts in double quotes, all in one line. */
  json: boolean;
  /** Spaces by which a map stands deeper than its key. */
  step: number;
  /** Whether a list stands deeper than its key too. */
  indentsLists: boolean;
}

/** Kubernetes and cloud-init read YAML 1.1: what would be another value there is quoted. */
const options: DocumentOptions = { version: "1.1" } as DocumentOptions;

/** A text of several lines stays one, with its line ends as escapes. */
const oneLine = {
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  blockQuote: false,
  singleQuote: false,
} as const;

/** A value as lines of block style, each at `column` but the first, without a line end at its end. */
export function blockOf(value: unknown, column: number, { eol, step, indentsLists }: Style): string {
  const text = new Document(value, { ...options, aliasDuplicateObjects: false }).toString({
    lineWidth: 0,
    indent: step,
    indentSeq: indentsLists,
  });
  const lines = text.replace(/\n$/, "").split("\n");
  return lines.map((line, index) => (index === 0 || line === "" ? line : " ".repeat(column) + line)).join(eol);
}

/** A value in one line, as it may stand within brackets. */
export function flowText(value: unknown, { json }: Style): string {
  if (json) return JSON.stringify(value).replace(/("(?:[^"\\]|\\.)*")|[:,]/g, (match, text) => text ?? `${match} `);
  const list = new Document([value], { ...options, aliasDuplicateObjects: false });
  const text = list.toString({ lineWidth: 0, collectionStyle: "flow", flowCollectionPadding: false, ...oneLine });
  return text
    .trim()
    .slice(1, -1)
    .replace(/\s*\n\s*/g, " ")
    .trim();
}

/** A text with the quotes that another had: plain where it was and may be. */
export function textLike(text: string, quotes: string | null | undefined, inFlow: boolean, style: Style): string {
  if (quotes === "QUOTE_DOUBLE" || (style.json && quotes !== "PLAIN")) return JSON.stringify(text);
  if (quotes === "QUOTE_SINGLE" && !/[\n\t\p{Cc}]/u.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return inFlow ? flowText(text, style) : blockOf(text, 0, style);
}

/** The white space that a line begins with. */
export function indentOf(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at)).replace(/^\uFEFF/, ""))?.[0] ?? "";
}
