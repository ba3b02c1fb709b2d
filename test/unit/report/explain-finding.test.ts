/** docs/diagnosis.md is what the code says. */
import { readFileSync, writeFileSync } from "node:fs";
import test from "ava";
import { diagnosisMarkdown, findingIds, findingLines, findingNamed } from "../../../harness/report/diagnosis-page.ts";
import { treeFile } from "../../helpers/cli.ts";

const file = treeFile("docs/diagnosis.md");
const made = /(<!-- made of the code:[^\n]*-->\n)[\s\S]*(<!-- end -->)/;

test("docs/diagnosis.md has every finding and every text of a fault", (t) => {
  const page = readFileSync(file, "utf8");
  const right = page.replace(made, (_, begin: string, end: string) => `${begin}\n${diagnosisMarkdown()}\n${end}`);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, right);
  else t.is(page, right);
  for (const id of findingIds) t.true(right.includes(`\`${id}\``), id);
});

test("a finding is found by its name, whatever its case, and by its title", (t) => {
  t.is(findingNamed("Port-Exhaustion"), "port-exhaustion");
  t.is(findingNamed("scan cliff"), "scan-cliff");
  t.is(findingNamed("target-stopped-answering"), "hung");
  t.is(findingNamed("net.core.somaxconn"), null);
  for (const id of findingIds) t.true(findingLines(id).length >= 3, id);
});
