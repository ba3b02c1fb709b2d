import type { InputError } from "../../core/errors.ts";
import { appendingOf, assignmentOf, removalOf } from "./edits.ts";
import { isSame, meantValue, type Plain, plain, withoutValues, withValue, type YamlPath } from "./model.ts";
import { type Splice, spliced } from "./offsets.ts";
import { blockOf } from "./render.ts";
import { nodeAt, placeAt, readSource, type Source, wrongAt } from "./source.ts";
import { styleOf } from "./style.ts";

/**
 * A user's YAML (or JSON), changed at places only: all else of its text stays byte for byte. Every change is read again and held
 * against what it should come to; where it does not, the file is refused. Paths begin with a document's index.
 */
export class YamlFile {
  #source: Source;

  /** Throws InputError where the text is not YAML, or has aliases that can't be followed. `name` is for messages. */
  constructor(name: string, text: string) {
    this.#source = readSource(name, text);
  }

  get name(): string {
    return this.#source.name;
  }

  get text(): string {
    return this.#source.text;
  }

  /** How many documents it has. */
  get count(): number {
    return this.#source.documents.length;
  }

  /** The value at a path, scalars as texts; null where there is none. */
  value(path: YamlPath): Plain {
    let value: Plain = this.#source.values[Number(path[0])] ?? null;
    for (const key of path.slice(1)) {
      if (value === null || typeof value === "string") return null;
      if (Array.isArray(value)) value = value[Number(key)] ?? null;
      else value = Object.hasOwn(value, key) ? (value[key] ?? null) : null;
    }
    return value;
  }

  /** The same as a reader has it who follows `<<`: what that brings counts where a map has no such key of its own. */
  meant(path: YamlPath): Plain {
    return path.slice(1).reduce(meantValue, this.#source.values[Number(path[0])] ?? null);
  }

  /** Whether something is at a path; null is nothing. */
  has(path: YamlPath): boolean {
    return this.value(path) !== null;
  }

  /** Text at a path; null where there is none. Throws InputError where it is no text. */
  textAt(path: YamlPath): string | null {
    const value = this.value(path);
    if (value === null || value === "") return null;
    if (typeof value === "string") return value;
    throw this.wrong(path, "is no text");
  }

  /** The list at a path; [] where there is none. Throws InputError where it is no list. */
  listAt(path: YamlPath): Plain[] {
    const value = this.value(path);
    if (value === null) return [];
    if (Array.isArray(value)) return value;
    throw this.wrong(path, "is no list");
  }

  /** Sets a value; maps on the way are made. Throws InputError where something else is in the way. */
  set(path: YamlPath, value: unknown): void {
    if (this.has(path) && isSame(this.value(path), plain(value))) return;
    this.#change(assignmentOf(this.#source, path, value), path, this.#with(path, plain(value)));
  }

  /** Adds entries to a list; the list is made. Throws InputError where it is no list. */
  append(path: YamlPath, entries: unknown[]): void {
    const list = this.listAt(path);
    if (entries.length === 0) return;
    if (!this.has(path)) {
      this.set(path, entries);
      return;
    }
    const more = entries.map(plain);
    // In brackets of several lines the new ones stand first, so that no other line changes.
    const either = [
      [...list, ...more],
      [...more, ...list],
    ].map((values) => this.#with(path, values));
    this.#change(appendingOf(this.#source, path, entries), path, ...either);
  }

  /** Takes away what is at these paths; what is not there is passed over. */
  remove(paths: YamlPath[]): void {
    const there = paths.filter((path) => nodeAt(this.#source, path) !== undefined);
    const splices = there.map((path) => removalOf(this.#source, path)).toSorted((a, b) => a.start - b.start);
    if (splices.every(({ start }, index) => start >= (splices[index - 1]?.end ?? 0))) {
      if (there.length > 0) this.#change(splices, there[0] ?? [], this.#without(there));
      return;
    }
    // From behind, so that the indices of the others stay.
    for (const path of there.toReversed()) this.#change([removalOf(this.#source, path)], path, this.#without([path]));
  }

  /** Adds a document behind the others. */
  addDocument(value: unknown): void {
    const { name, text, documents, values } = this.#source;
    const style = styleOf(text, documents[0]);
    const cut = text.endsWith("\n") ? "" : style.eol;
    const added = `${cut}---${style.eol}${blockOf(value, 0, style)}${style.eol}`;
    this.#source = readSource(name, text + added);
    if (this.#source.values.length !== values.length + 1) throw this.wrong([0], "takes no further document");
  }

  /** Leaves only these documents. */
  keep(indices: number[]): void {
    const { name, text, documents } = this.#source;
    const begin = (index: number) => (index === 0 ? 0 : (documents[index]?.range?.[0] ?? text.length));
    const kept = indices.map((index) => text.slice(begin(index), begin(index + 1))).join("");
    const began = /^\uFEFF?---(?=\s)/.test(text);
    this.#source = readSource(name, began ? kept : kept.replace(/^---[ \t]*\r?\n/, ""));
  }

  /** Where something stands, or the nearest above it: name:line:column. */
  placeOf(path: YamlPath): string {
    return placeAt(this.#source, path);
  }

  /** A fault at a path: an error with its place, its name and a hint. */
  wrong(path: YamlPath, fault: string, hint?: string): InputError {
    return wrongAt(this.#source, path, fault, hint);
  }

  #with(path: YamlPath, value: Plain): Plain[] {
    return this.#source.values.map((one, index) => (index === path[0] ? withValue(one, path.slice(1), value) : one));
  }

  #without(paths: YamlPath[]): Plain[] {
    return this.#source.values.map((one, index) =>
      withoutValues(
        one,
        paths.filter(([first]) => first === index).map((path) => path.slice(1)),
      ),
    );
  }

  /** Makes a change if it comes to one of these values. */
  #change(splices: Splice[], path: YamlPath, ...wanted: Plain[][]): void {
    const changed = readAgain(this.name, spliced(this.text, splices));
    if (changed === null || !wanted.some((values) => isSame(changed.values, values))) {
      throw this.wrong(path, "can't be changed where it stands", "write that part as plain lines, without anchors");
    }
    this.#source = changed;
  }
}

function readAgain(name: string, text: string): Source | null {
  try {
    return readSource(name, text);
  } catch {
    return null;
  }
}
