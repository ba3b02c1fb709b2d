import fc from "fast-check";

/** Scalars whose text means another number, or nothing, to a parser that writes them anew. */
const scalars = [
  "0400",
  "0755",
  "1e3",
  "0x1F",
  "1_000",
  "0o17",
  "1.10",
  "+5",
  ".5",
  "1:30",
  "yes",
  "No",
  "~",
  "null",
  "",
  "2024-01-01",
  '"a: b"',
  "'it''s'",
  '"1024"',
  '"\\u00e9\\t"',
  "é ü",
  "a  b",
  "http://x:80/#y",
  "-1",
];
const flows = [
  "[]",
  "{}",
  "[a,b]",
  "[ 0400 , 'x' ]",
  "{ a: 0755 }",
  "{a: {b: [1, 2,]}}",
  "[\n  a, # c\n  0x1F\n]",
  "{\n  a: 1,\n  b: 2\n}",
];
const blocks = [
  "|\n  0400\n\n  $(date)",
  "|-\n  x: 1\n   y",
  ">\n  folded\n  text",
  "# why\n  n: 0400",
  "\n  - 0400 # c\n  - a: 1\n    b: |\n      t\n  -\n    - z",
  "\n- x\n- y: 0755",
];

const value = fc.constantFrom(...scalars, ...flows, ...blocks);
const comment = fc.constantFrom("", "", "", " # c", "  #c");
const between = fc.constantFrom("", "", "", "", "# between\n", "\n", "\n\n# two\n");

/** Lines of a block map, without an indent: keys that no platform knows, in every style that people write. */
const lines = fc.array(fc.tuple(value, comment, between), { maxLength: 4 }).map((entries) =>
  entries
    .map(([text, after, before], index) => {
      const [head = "", ...rest] = text.split("\n");
      const isText = /^[|>]/.test(head) || rest.length > 0;
      return `${before}k${index}: ${[`${head}${isText ? "" : after}`, ...rest].join("\n")}`.replace(/ +$/gm, "");
    })
    .join("\n"),
);

/** How a whole file ends its lines, begins and ends. */
const dress = fc.record({
  crlf: fc.boolean(),
  bom: fc.boolean(),
  noEnd: fc.boolean(),
  begun: fc.boolean(),
});

/**
 * A file of this form as people may write it: each line that is only `@` (after its indent) gives way to keys that nobody knows, and
 * the whole may have CRLF, a byte order mark, a marker before it and no line end at its end.
 */
export function noisy(form: string): fc.Arbitrary<string> {
  const places = form.split("\n").filter((line) => line.trim() === "@").length;
  return fc.tuple(fc.array(lines, { minLength: places, maxLength: places }), dress).map(([noise, style]) => {
    const left = [...noise];
    const filled = form.replace(/^( *)@\n/gm, (_, indent: string) => {
      const text = left.shift() ?? "";
      return text === "" ? "" : `${text.replace(/^(?=.)/gm, indent)}\n`;
    });
    return dressed(filled, style);
  });
}

/** The same text with other line ends, a byte order mark, a marker before it, or no line end at its end. */
export function dressed(text: string, style: { crlf: boolean; bom: boolean; noEnd: boolean; begun: boolean }): string {
  const begun = style.begun ? `---\n${text}` : text;
  const ended = style.noEnd ? begun.replace(/\n$/, "") : begun;
  const lined = style.crlf ? ended.replaceAll("\n", "\r\n") : ended;
  return style.bom ? `\uFEFF${lined}` : lined;
}

/** What a change did to a text, line by line: what went, what came. */
export function lineChanges(before: string, after: string): { gone: string[]; come: string[] } {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const longest: number[][] = Array.from({ length: old.length + 1 }, () => Array(now.length + 1).fill(0));
  const at = (i: number, j: number) => longest[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    const row = longest[i];
    if (row === undefined) continue;
    for (let j = now.length - 1; j >= 0; j--) {
      row[j] = old[i] === now[j] ? 1 + at(i + 1, j + 1) : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const changes: { gone: string[]; come: string[] } = { gone: [], come: [] };
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && old[i] === now[j]) {
      i++;
      j++;
    } else if (j >= now.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) changes.gone.push(old[i++] ?? "");
    else changes.come.push(now[j++] ?? "");
  }
  return changes;
}

/** Whether all characters of one text stand in another, in their order. */
export function standsIn(one: string, other: string): boolean {
  let at = 0;
  for (const character of other) if (character === one[at]) at++;
  return at === one.length;
}
