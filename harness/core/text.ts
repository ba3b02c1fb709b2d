/**
 * Text of unknown origin (suite, logs, platform) made safe to show on one line: control characters, which could move
 * a terminal's cursor or end an XML document, and bidirectional overrides become U+FFFD; line ends become spaces; nothing in it
 * is a command to a CI that reads the output.
 */
export function printable(text: string): string {
  return withoutCommands(
    text
      .toWellFormed()
      .replace(/[\r\n\t]+/g, " ")
      .replace(/[\p{Cc}\p{Bidi_Control}\uFFFE\uFFFF]/gu, "\uFFFD"),
  );
}

/**
 * A space breaks what GitHub's runner and Azure's take for commands in a job's output: `::error ...` and `##[error]`. A line
 * may be broken anywhere later, so it is not only looked for at its start. Groups of an IPv6 address stay as they are: no
 * command is named like one.
 */
function withoutCommands(text: string): string {
  return text
    .replace(/::(?=(?![0-9a-f]{1,4}(?![\w-]))[a-z-])/gi, ": :")
    .replaceAll("##[", "## [")
    .replaceAll("##vso[", "##vso [");
}

/** Its letters and digits in lower case, a dash for whatever is between them: "My shop (2)" -> my-shop-2. "" where it has none. */
export function dashed(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/** Text from a file made safe to print: control characters escaped, at most 200 characters. */
export function escaped(text: string): string {
  const escaped = text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
  return escaped.length > 200 ? `${escaped.slice(0, 199)}…` : escaped;
}

/** Lines of an error as they may be printed: what they quote of a suite, a record or a part's output reaches no terminal's control and commands no CI. */
export function printableLines(text: string): string {
  return withoutCommands(text.replace(/[^\P{Cc}\n]/gu, "\u{fffd}"));
}

/** Data as commands print it and as files for programs hold it: JSON, two blanks deep, with a line end. */
export function jsonText(data: unknown): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}
