import { parse, type TomlTable, type TomlValue } from "smol-toml";
import { InputError } from "../core/errors.ts";
import type { FromFile } from "./platform.ts";

/** A key of a table that is to have a value; `adds`: entries that its list is to have beside those that are there. */
export interface TomlChange {
  table: string[];
  key: string;
  value: string | string[];
  adds: boolean;
}

/**
 * A TOML text with some keys set: lines are put into it or changed, and all else stays as it is written. The result is read again and must be
 * what was there with these changes and nothing else. Throws InputError where it is no TOML, or where that can't be done by lines.
 */
export function mergeToml(from: FromFile, changes: TomlChange[]): string {
  const before = readToml(from);
  const merged = changes.reduce((text, change) => withChange(text, change), from.text);
  const wanted = changes.reduce((table, change) => changed(table, change.table, change), before);
  if (sameTables(parsed(merged), wanted)) return merged;
  const tables = [...new Set(changes.map(({ table }) => `[${table.join(".")}]`))];
  throw new InputError(`${from.name}: where its keys are to be changed is not clear`, {
    hint: `write ${tables.join(", ")} as tables of their own, a key a line`,
  });
}

/** A basic string: TOML's escapes are JSON's, but for DEL, which JSON leaves as it is. */
export function tomlText(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

function readToml({ name, text }: FromFile): TomlTable {
  try {
    return parse(text);
  } catch (error) {
    const { line, column, message } = error as { line?: number; column?: number; message: string };
    const place = line === undefined ? name : `${name}:${line}:${column}`;
    throw new InputError(`${place}: is not TOML: ${message.split("\n")[0]}`, { cause: error });
  }
}

/** What a text holds; null where it is no TOML. */
function parsed(text: string): TomlTable | null {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function withChange(text: string, change: TomlChange): string {
  const eol = /\r\n/.test(text) ? "\r\n" : "\n";
  const lines = text.split(/\r?\n/);
  const head = lines.findIndex((line) => pathOf(line)?.join("\n") === change.table.join("\n"));
  if (head < 0)
    return `${text.replace(/\s*$/, "")}${eol}${eol}${headOf(change)}${eol}${lineOf(change)}${eol}`.trimStart();
  const next = lines.findIndex((line, index) => index > head && /^\s*\[/.test(line) && pathOf(line) !== null);
  const end = next < 0 ? lines.length : next;
  const at = lines.findIndex((line, index) => index > head && index < end && keyOf(line) === change.key);
  if (at < 0) lines.splice(lastLine(lines, head, end) + 1, 0, lineOf(change));
  else
    lines.splice(at, lengthOf(lines, at), valueText(lines.slice(at, at + lengthOf(lines, at)).join(eol), change, eol));
  return lines.join(eol);
}

/** `["a", "b.c"]` of a line `[a."b.c"]`; null for any other line. */
function pathOf(line: string): string[] | null {
  if (!/^\s*\[[^[]/.test(line)) return null;
  const path: string[] = [];
  let table: TomlValue | undefined = parsed(line) ?? undefined;
  while (isTable(table) && Object.keys(table).length === 1) {
    const [key = ""]: string[] = Object.keys(table);
    path.push(key);
    table = table[key];
  }
  return path.length === 0 ? null : path;
}

function keyOf(line: string): string | null {
  const written = /^\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-])+)\s*=/.exec(line)?.[1];
  return written === undefined ? null : (Object.keys(parsed(`${written} = 0`) ?? {})[0] ?? null);
}

/** How many lines a key's value takes. */
function lengthOf(lines: string[], at: number): number {
  const end = lines.findIndex((_, index) => index >= at && parsed(lines.slice(at, index + 1).join("\n")) !== null);
  return end < 0 ? 1 : end - at + 1;
}

function valueText(there: string, { key, value, adds }: TomlChange, eol: string): string {
  const before = parsed(there)?.[key];
  if (!adds || !Array.isArray(value) || !Array.isArray(before)) return there.replace(/=.*$/s, `= ${written(value)}`);
  const missing = value.filter((entry) => !before.includes(entry)).map(tomlText);
  if (missing.length === 0) return there;
  const wanted = [...before, ...value.filter((entry) => !before.includes(entry))];
  const closings = [...there.matchAll(/\]/g)].map(({ index }) => index).reverse();
  const candidates = closings.flatMap((index) => withEntries(there, index, missing, eol));
  return candidates.find((text) => canonical(parsed(text)?.[key]) === canonical(wanted)) ?? there;
}

/** Ways to put entries before the bracket at a place: in lines of their own where it has one; with a comma behind the last, or with the one that is there. */
function withEntries(text: string, bracket: number, entries: string[], eol: string): string[] {
  const [before, after] = [text.slice(0, bracket), text.slice(bracket)];
  if (!/\n[ \t]*$/.test(before))
    return [`${before}${entries.join(", ")}${after}`, `${before}, ${entries.join(", ")}${after}`];
  const lines = entries.map((entry) => `  ${entry},${eol}`).join("");
  const quotes = [...before.matchAll(/["']/g)].map(({ index }) => index).reverse();
  const behind = quotes.map((at) => `${before.slice(0, at + 1)},${before.slice(at + 1)}${lines}${after}`);
  return [before + lines + after, ...behind];
}

function headOf({ table }: TomlChange): string {
  return `[${table.map((word) => (/^[\w-]+$/.test(word) ? word : tomlText(word))).join(".")}]`;
}

function lineOf({ key, value }: TomlChange): string {
  return `${/^[\w-]+$/.test(key) ? key : tomlText(key)} = ${written(value)}`;
}

function written(value: string | string[]): string {
  return Array.isArray(value) ? `[${value.map(tomlText).join(", ")}]` : tomlText(value);
}

/** Of a table: what is added stands before the blank lines at its end, and before a comment on the next. */
function lastLine(lines: string[], head: number, end: number): number {
  return lines.findLastIndex(
    (line, index) => index >= head && index < end && line.trim() !== "" && !/^\s*#/.test(line),
  );
}

function changed(table: TomlTable, path: string[], change: TomlChange): TomlTable {
  const [first, ...rest] = path;
  if (first === undefined) {
    const before = table[change.key];
    const list = change.adds && Array.isArray(before) ? before : [];
    const value = Array.isArray(change.value) ? [...new Set([...list, ...change.value])] : change.value;
    return { ...table, [change.key]: value };
  }
  const inner = table[first];
  return { ...table, [first]: changed(isTable(inner) ? inner : {}, rest, change) };
}

function sameTables(one: TomlTable | null, other: TomlTable): boolean {
  return one !== null && canonical(one) === canonical(other);
}

/** Two values have the same text where they are the same, whatever the order of their keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isTable(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
    return `{${pairs.sort().join(",")}}`;
  }
  return `${typeof value} ${String(value)}`;
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
