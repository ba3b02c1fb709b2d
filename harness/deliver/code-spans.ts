/**
 * Text of unknown origin (a suite's, a record's, a file's) as a code span of Markdown, on one line and without what could
 * move a terminal's cursor or end the span.
 */
export function code(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, "\uFFFD");
  const runs = line.match(/`+/g) ?? [];
  if (runs.length === 0) return `\`${line}\``;
  const fence = "`".repeat(1 + Math.max(...runs.map(({ length }) => length)));
  return `${fence} ${line} ${fence}`;
}

/** `a`, `b` and `c` */
export function codes(texts: string[]): string {
  const spans = texts.map(code);
  const last = spans.pop() ?? "";
  return spans.length === 0 ? last : `${spans.join(", ")} and ${last}`;
}

/** A command to paste, as a block of Markdown. Its words are ours or were checked (checkSetting, objectName). */
export function command(...lines: string[]): string {
  return fenced("sh", lines);
}

/** Text of another language, as a block of Markdown; ours as a command's is. */
export function fenced(language: string, lines: string[]): string {
  return [`\`\`\`${language}`, ...lines, "```"].join("\n");
}
