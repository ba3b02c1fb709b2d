import test from "ava";
import { faultTexts } from "../../../harness/knowledge/faults.ts";
import { findingIds, findingLines, findingNamed } from "../../../harness/report/explain-finding.ts";
import { findingNotes } from "../../../harness/report/words/finding-notes.ts";
import { madePartIs, tableOf } from "../../helpers/made-page.ts";

test("docs/diagnosis.md has every finding and every text of a fault", (t) => {
  const findings = findingIds.map((id) => {
    const { meaning, from, limits } = findingNotes[id];
    return [`\`${id}\``, meaning, from, limits ?? ""];
  });
  const faults = [...Map.groupBy(faultTexts, ({ kind }) => kind)].map(([kind, texts]) => [
    `\`${kind}\``,
    texts.map(({ text, source }) => `"${text}" (${source})`).join("; "),
  ]);
  const tables = [
    tableOf(["finding", "what happened", "told from", "mind"], ...findings),
    tableOf(["fault", "known by"], ...faults),
  ];
  madePartIs(t, "docs/diagnosis.md", `${tables.join("\n\n")}\n`);
});

test("a finding is found by its name, whatever its case, and by its title", (t) => {
  t.is(findingNamed("Port-Exhaustion"), "port-exhaustion");
  t.is(findingNamed("scan cliff"), "scan-cliff");
  t.is(findingNamed("target-stopped-answering"), "hung");
  t.is(findingNamed("net.core.somaxconn"), null);
  for (const id of findingIds) t.true(findingLines(id).length >= 3, id);
});
