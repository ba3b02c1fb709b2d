import { printable } from "./text.ts";

/** The longest line that is quoted. */
const longest = 200;
const redacted = "[redacted]";

/** A line of a part's own as it may be quoted: plain text without secrets, at most 200 characters. */
export function quotable(line: string): string {
  const text = withoutSecrets(printable(withoutColours(line))).trim();
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** What is the same in lines that differ in numbers, ids, addresses and times only. */
export function maskedLine(line: string): string {
  return withoutColours(line)
    .slice(0, 1000)
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "#")
    .replace(/\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, "#")
    .replace(/\d+/g, "#");
}

/** Whether a line tells of something that went wrong. */
export function tellsOfError(line: string): boolean {
  return errorWords.test(line);
}

const errorWords =
  /error|exception|fail|fatal|panic|refus|reset by|denied|exceed|exhaust|limiting|timed? ?out|timeout|unable|cannot|can't|could not|not enough|too many|out of memory|unavailable|\[(?:emerg|alert|crit)\]/i;

/**
 * Of a part's last lines the one that says why: the last that names an error as a runtime writes it at the end of a trace, else the last that
 * tells of one, else the last; null of none. Node ends with its version, a trace with where it was.
 */
export function tellingLine(lines: readonly string[]): string | null {
  const said = lines.filter((line) => line.trim() !== "");
  const named = said.findLast((line) =>
    /^(?:Uncaught )?[\w.$]*(?:Error|Exception)\b|^(?:panic|fatal error|FATAL ERROR):/.test(line),
  );
  return named ?? said.findLast((line) => tellsOfError(line) && !/^\s+at /.test(line)) ?? said.at(-1) ?? null;
}

/** A terminal's control sequence (ECMA-48 CSI): escape, bracket, parameters, a letter. */
const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, "g");

function withoutColours(line: string): string {
  return line.replace(colour, "");
}

/** Values of what is called a secret, credentials in an address, tokens by their form, and long runs of random characters. */
function withoutSecrets(line: string): string {
  return line
    .replace(/(:\/\/)[^\s/@]+@/g, `$1${redacted}@`)
    .replace(
      /\b([\w-]*(?:passw(?:or)?d|pwd|secret|token|api[-_]?key|access[-_]?key|authorization|cookie|session(?:id)?|credential)s?["']?\s*[:=]\s*)(?:(?:bearer|basic)\s+)?("[^"]*"|'[^']*'|[^\s,;}&]+)/gi,
      `$1${redacted}`,
    )
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${redacted}`)
    .replace(/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]+)?/g, redacted)
    .replace(/\b(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{32,}/g, redacted);
}
