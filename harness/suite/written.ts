import type { Path } from "./document.ts";
import type { Sections } from "./schema.ts";

/** The file as written, faulty or not: what is at a path if it has the kind of value that is looked for. */
export interface Written {
  text(path: Path): string | null;
  number(path: Path): number | null;
  /** Of a map or a list. */
  keys(path: Path): string[];
  has(path: Path): boolean;
  isMap(path: Path): boolean;
}

/** Says what is wrong at a path of the file: at the value, or at the key where that is what must change. */
export type ReportProblem = (path: Path, text: string, part?: "key" | "value") => void;

/** What a check looks at: the file as written, and the sections of it that the schema found sound. */
export interface Checked {
  written: Written;
  sections: Partial<Sections>;
  report: ReportProblem;
}

export function writtenIn(data: unknown): Written {
  const objectAt = (path: Path) => {
    const value = valueAt(data, path);
    return typeof value === "object" && value !== null ? value : null;
  };
  return {
    text: (path) => {
      const value = valueAt(data, path);
      return typeof value === "string" ? value : null;
    },
    number: (path) => {
      const value = valueAt(data, path);
      return typeof value === "number" ? value : null;
    },
    keys: (path) => Object.keys(objectAt(path) ?? {}),
    has: (path) => valueAt(data, path) !== undefined,
    isMap: (path) => objectAt(path) !== null && !Array.isArray(objectAt(path)),
  };
}

/** The value that is written at a path; undefined where nothing is. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const segment of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[segment];
  }
  return value;
}
