import { didYouMean } from "../core/nearest.ts";
import { checkDuet } from "./checks-duet.ts";
import { checkExperiment } from "./checks-experiment.ts";
import { checkLevers } from "./checks-find.ts";
import { checkParts } from "./checks-parts.ts";
import { checkProfiles } from "./checks-profiles.ts";
import { checkReferences } from "./checks-references.ts";
import { problemAt, type SourceDocument } from "./document.ts";
import { faultKindCandidates, knownFaultKind } from "./fault-kinds.ts";
import { type Problem, shown } from "./problems.ts";
import type { Sections } from "./schema.ts";
import { type Checked, type ReportProblem, writtenIn } from "./written.ts";

/** Faults that only two sections of the file together show. A fault elsewhere hides none of them. */
export function crossChecks(sections: Partial<Sections>, document: SourceDocument): Problem[] {
  const problems: Problem[] = [];
  const report: ReportProblem = (path, text, part = "value") => {
    problems.push(problemAt(document, path, text, part));
  };
  const checked = { written: writtenIn(document.data), sections, report };
  checkExperiment(checked);
  checkFaultKind(checked);
  checkParts(checked);
  checkReferences(checked);
  checkProfiles(checked);
  checkLevers(checked);
  if (sections.design === "duet") checkDuet(checked);
  return problems;
}

function checkFaultKind({ written, report }: Checked): void {
  const kind = written.text(["stop", "fault", "kind"]);
  const declared = written.keys(["faults"]).flatMap((i) => written.text(["faults", i, "kind"]) ?? []);
  if (kind === null || knownFaultKind(kind, declared)) return;
  const allowed = 'a kind declared under faults:, an errno name such as EADDRNOTAVAIL, or a status such as "HTTP 503"';
  const hint = didYouMean(kind, faultKindCandidates(declared));
  report(["stop", "fault", "kind"], `nothing reports a fault ${shown(kind)}; use ${allowed}${hint}`);
}
