import { wrap } from "../../core/words.ts";

/** Pieces of a YAML file that is written by hand, so that its comments stand where they belong. */

/** A text as one YAML scalar: as it is where YAML takes it for the same text, else in JSON's quotes, which YAML reads alike. */
export function scalar(text: string): string {
  const isPlain =
    /^[A-Za-z_/][A-Za-z0-9_./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n|nan|inf)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}

/** A list on one line. */
export function flow(words: readonly string[]): string {
  return `[${words.map(scalar).join(", ")}]`;
}

/** Lines of a comment. */
export function comment(text: string): string[] {
  return wrap(text, 120, "# ");
}

/** A suite's words and values are single lines. */
export function isLine(text: string): boolean {
  return text !== "" && !/[\p{Cc}\u2028\u2029]/u.test(text) && text.isWellFormed();
}

/** A value that a suite reads as this text, whatever looks like a reference in it. */
export function escapeReferences(text: string): string {
  return text.replaceAll("${", () => "$${");
}

/** Lines below a key. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
