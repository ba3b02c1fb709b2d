import test from "ava";
import { diagnose } from "../../../../harness/diagnose/diagnose.ts";
import type { Finding } from "../../../../harness/diagnose/finding.ts";
import { rules } from "../../../../harness/diagnose/rules.ts";
import { evidenceFacts } from "../../../../harness/report/words/evidence.ts";
import { findingTitles, findingWords } from "../../../../harness/report/words/findings.ts";
import { remedyWords } from "../../../../harness/report/words/remedies.ts";
import { treeFile } from "../../../helpers/cli.ts";
import { findingExamples } from "../../../helpers/finding-examples.ts";
import { isGolden } from "../../../helpers/golden.ts";

test("what each rule says, with its evidence and its remedies", (t) => {
  const texts = rules.flatMap(({ id }) =>
    findingExamples[id].map((trial) => {
      const finding = diagnose([trial]).find(({ rule }) => rule === id);
      return finding === undefined ? `${id}: not found` : textOf(finding);
    }),
  );
  isGolden(t, texts.join("\n"), treeFile("test/fixtures/report/findings.golden.txt"));
});

function textOf(finding: Finding): string {
  const { rule, side, role, limit, strength, remedies } = finding;
  return [
    `${findingTitles[rule]} (${rule}, ${side}${role === null ? "" : `, ${role}`}, strength ${strength})`,
    `  ${findingWords(finding)}`,
    ...(limit === null ? [] : [`  limit: ${limit.used} of ${limit.of} ${limit.unit}`]),
    `  evidence: ${evidenceFacts(finding)
      .map(({ what, amount }) => `${what}: ${amount}`)
      .join("; ")}`,
    `  remedy: ${remedyWords(remedies)}`,
    "",
  ].join("\n");
}
