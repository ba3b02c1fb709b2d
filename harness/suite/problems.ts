import { InputError } from "../core/errors.ts";
import { escaped } from "../core/text.ts";

/** 1-based position in a suite or a cluster file. */
export interface Position {
  line: number;
  column: number;
}

/** One fault of such a file: what is wrong, what is allowed, and the nearest right spelling where there is one. */
export interface Problem extends Position {
  text: string;
}

/** A file that can't be used, with all that is wrong with it; the message has a line `file:line:column: text` for each. */
export class FileError extends InputError {
  readonly file: string;
  readonly problems: Problem[];

  constructor(file: string, problems: Problem[], options: { hint?: string | undefined }) {
    const ordered = inOrder(problems);
    super(messageOf(file, ordered), options);
    this.file = file;
    this.problems = ordered;
  }
}

/** A suite that can't be used. */
export class SuiteError extends FileError {
  constructor(file: string, problems: Problem[]) {
    super(file, problems, { hint: "`tunebench schema` prints the JSON Schema of suite files, for editors too" });
  }
}

/** A cluster file that can't be used. */
export class ClusterError extends FileError {
  constructor(file: string, problems: Problem[]) {
    super(file, problems, {
      hint: "`tunebench schema --cluster` prints the JSON Schema of cluster files, for editors too",
    });
  }
}

/** More would scroll the first ones away, and the first ones are often the cause of the others. */
const mostShown = 50;

function messageOf(file: string, problems: Problem[]): string {
  const lines = problems
    .slice(0, mostShown)
    .map(({ line, column, text }) => `${escaped(file)}:${line}:${column}: ${text}`);
  const more = problems.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}

/** A value as a message shows it: scalars as JSON, the rest by kind. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value !== "string") return String(value);
  const quoted = escaped(JSON.stringify(value));
  return quoted.length > 60 ? `${quoted.slice(0, 58)}…"` : quoted;
}

/** `stop.fault.ratio`, `faults[0].in`, `profiles.a["net.x"]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === "number") return `${text}[${segment}]`;
    const name = String(segment);
    if (!/^[A-Za-z0-9_-]{1,100}$/.test(name)) return `${text}[${shown(name)}]`;
    return text === "" ? name : `${text}.${name}`;
  }, "");
}

/** By position; the same sentence at the same position once. */
function inOrder(problems: Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .filter((problem) => {
      const key = `${problem.line}:${problem.column}:${problem.text}`;
      return !seen.has(key) && seen.add(key);
    });
}
