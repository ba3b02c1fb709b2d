/** docs/caveats.md is what the code says. */
import { readFileSync, writeFileSync } from "node:fs";
import test from "ava";
import { caveatCodes, caveatLines, caveatNamed, caveatsMarkdown } from "../../../harness/report/caveats-page.ts";
import { caveatShape } from "../../../harness/results/caveats.ts";
import { treeFile } from "../../helpers/cli.ts";

const file = treeFile("docs/caveats.md");
const made = /(<!-- made of the code:[^\n]*-->\n)[\s\S]*(<!-- end -->)/;

test("docs/caveats.md has every caveat", (t) => {
  const page = readFileSync(file, "utf8");
  const right = page.replace(made, (_, begin: string, end: string) => `${begin}\n${caveatsMarkdown()}\n${end}`);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, right);
  else t.is(page, right);
  const codes = caveatShape.options.map(({ shape }) => shape.code.value);
  t.deepEqual(caveatCodes().toSorted(), codes.toSorted());
});

test("a caveat is found by its code, whatever its case", (t) => {
  t.is(caveatNamed("Shared-CPUs"), "shared-cpus");
  t.is(caveatNamed("port-exhaustion"), null);
  for (const code of caveatCodes()) t.true(caveatLines(code).length >= 2, code);
});
