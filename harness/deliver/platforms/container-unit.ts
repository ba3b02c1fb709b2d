/** A systemd unit's [Container], as systemd reads it: systemd.syntax(7). */

/** What a line says, or a value in it, and which it is, counted from 1. */
export interface UnitLine {
  text: string;
  line: number;
}

/** Of all sections [Container], which are one to systemd. */
export function linesOfContainer(lines: string[]): UnitLine[] {
  const heads = lines.flatMap((line, index) => (/^\s*\[/.test(line) ? [index] : []));
  const said = lines.map((text, index) => ({ text, line: index + 1 }));
  return heads.flatMap((head, at) =>
    lines[head]?.trim() === "[Container]" ? said.slice(head + 1, heads[at + 1] ?? lines.length) : [],
  );
}

/** Lines as systemd reads them: no comments, and one that ends in a backslash goes on in the next. */
function wholeLines(lines: UnitLine[]): UnitLine[] {
  const whole: UnitLine[] = [];
  let begun: UnitLine | null = null;
  for (const { text, line } of lines.filter(({ text }) => !/^\s*[#;]/.test(text))) {
    const so: UnitLine = begun === null ? { text, line } : { text: `${begun.text} ${text}`, line: begun.line };
    begun = /\\\s*$/.test(text) ? { ...so, text: so.text.replace(/\\\s*$/, "") } : null;
    if (begun === null) whole.push(so);
  }
  return whole;
}

/** Values of a key that hold: an empty assignment takes back what came before. */
export function valuesOf(lines: UnitLine[], key: string): UnitLine[] {
  const assignment = new RegExp(`^\\s*${key}\\s*=\\s*(.*)$`);
  const values = wholeLines(lines).flatMap(({ text, line }) => {
    const value = assignment.exec(text)?.[1]?.trim();
    return value === undefined ? [] : [{ text: value, line }];
  });
  return values.slice(values.findLastIndex(({ text }) => text === "") + 1);
}

/** Values of an option in the words that podman is given as they are: `--network=host`, `--network host`. */
export function podmanOption(lines: UnitLine[], ...names: string[]): UnitLine[] {
  return valuesOf(lines, "PodmanArgs").flatMap(({ text, line }) => {
    const words = systemdWords(text);
    return words.flatMap((word, at) => {
      const name = names.find((name) => word === name || word.startsWith(`${name}=`));
      if (name === undefined) return [];
      return [{ text: word === name ? (words[at + 1] ?? "") : word.slice(name.length + 1), line }];
    });
  });
}

/** Words of a value, as systemd splits them. */
export function systemdWords(list: string): string[] {
  const words = list.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) =>
    word.replace(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
      (_, double?: string, single?: string) => double?.replace(/\\(.)/g, "$1") ?? single ?? "",
    ),
  );
}

/** A word as a list of words has it. */
export function systemdWord(text: string): string {
  return /[\s"'\\]/.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : text;
}
