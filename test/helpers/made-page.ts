import { readFileSync, writeFileSync } from "node:fs";
import type { ExecutionContext } from "ava";
import { treeFile } from "./cli.ts";

const made = /(<!-- made of the code:[^\n]*-->\n)[\s\S]*(<!-- end -->)/;

/** That the part of a page of docs/ which is made of the code is as the code says; UPDATE_GOLDEN=1 writes it. */
export function madePartIs(t: ExecutionContext, name: string, part: string): void {
  const file = treeFile(name);
  const right = readFileSync(file, "utf8").replace(
    made,
    (_, begin: string, end: string) => `${begin}\n${part}\n${end}`,
  );
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, right);
  t.is(readFileSync(file, "utf8"), right);
}

/** A table of Markdown, its head first. */
export function tableOf(...rows: string[][]): string {
  const [head = [], ...others] = rows.map((row) => row.map((text) => text.replaceAll("|", "\\|")));
  return [head, head.map(() => "---"), ...others].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
