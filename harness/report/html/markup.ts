/** HTML that is safe to stand in the page: made only by `html` (which escapes) or by `trusted`. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand between the literal parts: text is escaped, markup goes in as it is, null leaves nothing. */
export type Insert = string | number | null | Markup | readonly Insert[];

/** HTML from literal parts and values. Every string is escaped, so text of unknown origin stays text. */
export function html(parts: TemplateStringsArray, ...values: Insert[]): Markup {
  const text = parts.reduce((sum, part, index) => sum + insert(values[index - 1] ?? null) + part);
  return new Markup(text);
}

/** Our own text that is HTML, CSS or script already. Never for anything out of a suite, a log or a record. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function insert(value: Insert): string {
  if (value === null) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(insert).join("");
  return escapeHtml(String(value));
}

/** Text for an element or a quoted attribute; control characters but line ends and tabs become U+FFFD. */
function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** JSON that can stand inside a script element: it can neither end the element nor open a comment in it. */
export function scriptJson(value: unknown): Markup {
  const json = JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  return new Markup(json);
}
