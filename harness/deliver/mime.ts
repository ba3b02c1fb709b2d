import { InputError } from "../core/errors.ts";

/** One part of a multipart message; offsets are into the message's text. */
export interface MimePart {
  contentType: string;
  encoding: string;
  body: string;
  bodyStart: number;
  bodyEnd: number;
}

/** A multipart message (RFC 2046), to be changed at places only: all else stays byte for byte. */
export interface Mime {
  text: string;
  boundary: string;
  eol: "\n" | "\r\n";
  parts: MimePart[];
  /** Where the closing delimiter begins; null where it is missing. */
  closeAt: number | null;
}

/** A multipart message; null where the text is none. Throws InputError where it is one without parts. */
export function parseMime(text: string): Mime | null {
  const head = headersOf(text, 0);
  const type = head?.fields["content-type"] ?? "";
  if (head === null || !/^multipart\//i.test(type)) return null;
  const match = /boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(type);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw new InputError("the user data is MIME without a boundary");
  const delimiters = delimitersOf(text, boundary, head.end);
  const close = delimiters.find(({ closes }) => closes) ?? null;
  const opening = delimiters.filter(({ closes, start }) => !closes && (close === null || start < close.start));
  const ends = [...opening.slice(1).map(({ start }) => start), close?.start ?? text.length];
  const parts = opening.map(({ end }, index) => partOf(text, end, ends[index] ?? text.length));
  if (parts.length === 0) throw new InputError(`the user data is MIME, but no line --${boundary} begins a part`);
  return { text, boundary, eol: text.includes("\r\n") ? "\r\n" : "\n", parts, closeAt: close?.start ?? null };
}

/** The message with another body in one part. */
export function withBody({ text }: Mime, part: MimePart, body: string): string {
  return text.slice(0, part.bodyStart) + body + text.slice(part.bodyEnd);
}

/** The message with one part more, after the others. Only its head has the message's line ends: a script must keep its own. */
export function withPart({ text, boundary, eol, closeAt }: Mime, contentType: string, body: string): string {
  const at = closeAt ?? text.length;
  const before = text.slice(0, at);
  const head = [`--${boundary}`, `Content-Type: ${contentType}`, "", ""].join(eol);
  const close = closeAt === null ? `--${boundary}--${eol}` : "";
  return `${before}${before.endsWith("\n") ? "" : eol}${head}${body}${eol}${close}${text.slice(at)}`;
}

/** A message of these parts, with a boundary that none of them holds. */
export function mimeOf(parts: { contentType: string; body: string }[]): string {
  const held = (boundary: string) => parts.some(({ body }) => body.includes(`--${boundary}`));
  let boundary = "TUNEBENCH";
  while (held(boundary)) boundary += "X";
  const text = parts.map(({ contentType, body }) => `--${boundary}\nContent-Type: ${contentType}\n\n${body}\n`);
  return `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="${boundary}"\n\n${text.join("")}--${boundary}--\n`;
}

function partOf(text: string, start: number, end: number): MimePart {
  const head = headersOf(text.slice(0, end), start);
  const bodyStart = head?.end ?? start;
  // The line end before a delimiter is the delimiter's (RFC 2046, 5.1.1).
  const bodyEnd = Math.max(bodyStart, end - (/\r?\n$/.exec(text.slice(bodyStart, end))?.[0].length ?? 0));
  return {
    contentType: (head?.fields["content-type"] ?? "text/plain").split(";")[0]?.trim().toLowerCase() ?? "",
    encoding: (head?.fields["content-transfer-encoding"] ?? "8bit").toLowerCase(),
    body: text.slice(bodyStart, bodyEnd),
    bodyStart,
    bodyEnd,
  };
}

function delimitersOf(text: string, boundary: string, from: number) {
  const escaped = boundary.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const line = new RegExp(`^--${escaped}(--)?[ \\t]*(?:\\r?\\n|$(?![\\s\\S]))`, "gm");
  line.lastIndex = from;
  return [...text.matchAll(line)]
    .filter(({ index }) => index >= from)
    .map((match) => ({ start: match.index, end: match.index + match[0].length, closes: match[1] === "--" }));
}

/** Header fields from `start` to the empty line, and where the body begins; null where there is no such header. */
function headersOf(text: string, start: number): { fields: Record<string, string>; end: number } | null {
  const fields: Record<string, string> = {};
  let [at, last] = [start, ""];
  while (at < text.length) {
    const next = text.indexOf("\n", at) + 1 || text.length;
    const line = text.slice(at, next).replace(/\r?\n$/, "");
    if (line === "") return { fields, end: next };
    at = next;
    if (/^[ \t]/.test(line) && last !== "") {
      fields[last] += ` ${line.trim()}`;
      continue;
    }
    const field = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(line);
    if (field === null) return null;
    last = (field[1] ?? "").toLowerCase();
    fields[last] = field[2] ?? "";
  }
  return null;
}
