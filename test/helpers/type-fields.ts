import { readFileSync } from "node:fs";
import { treeFile } from "./cli.ts";

/** An interface as its file says it: each field with its type and what its comment says. */
export interface DescribedType {
  name: string;
  /** Interfaces whose fields it has too. */
  bases: string[];
  meaning: string;
  fields: { name: string; type: string; meaning: string }[];
}

/** The interfaces that some files of the tree export, by name. Reads the form that the formatter gives them, no more. */
export function describedTypes(files: string[]): Map<string, DescribedType> {
  const declared =
    /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export interface (\w+)(?: extends ([^{]+))? \{\n([\s\S]*?)\n\}/g;
  const types = files.flatMap((file) =>
    [...readFileSync(treeFile(file), "utf8").matchAll(declared)].map(([, comment, name = "", bases, body = ""]) => ({
      name,
      bases: [...(bases ?? "").matchAll(/\b[A-Z]\w+/g)].map(([base]) => base).filter((base) => base !== "Omit"),
      meaning: textOf(comment),
      fields: fieldsOf(body),
    })),
  );
  return new Map(types.map((type) => [type.name, type]));
}

function fieldsOf(body: string): DescribedType["fields"] {
  const field = /(?: {2}\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)? {2}(\w+)\??: ([\s\S]*?);(?=\n {2}\S|$)/g;
  return [...body.matchAll(field)].map(([, comment, name = "", type = ""]) => ({
    name,
    type: type.replace(/\s+/g, " "),
    meaning: textOf(comment),
  }));
}

function textOf(comment: string | undefined): string {
  return (comment ?? "")
    .replace(/^\s*\* ?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}
