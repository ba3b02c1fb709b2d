import { didYouMean } from "../core/nearest.ts";
import type { Report, Written } from "./checks.ts";
import { checkFactors } from "./checks-factors.ts";
import { profilesFromFactors } from "./factors.ts";
import { shown } from "./problems.ts";
import type { SuiteForm } from "./schema.ts";

/** Profiles or factors, not both, not none; and a baseline among them. */
export function checkCompared(form: Partial<SuiteForm>, written: Written, report: Report): void {
  const { factors, design = "factorial" } = form;
  const factorsSound = factors !== undefined && checkFactors(factors, design, written, report);
  const sections = ["profiles", "factors"].filter((section) => written.has([section]));
  if (sections.length === 2) report(["factors"], "profiles are given, too; use profiles or factors, not both", "key");
  if (sections.length === 0) report([], "nothing is compared; give profiles: (NAME: {settings}) or factors:");
  if (form.design !== undefined && !written.has(["factors"])) {
    report(["design"], "this says which combinations of factors are run; use it with factors:", "key");
  }
  if (sections.length !== 1) return;
  if (sections[0] === "profiles") checkBaseline("profiles", written.keys(["profiles"]), written, report);
  if (factorsSound) {
    const names = profilesFromFactors(factors, design).map((profile) => profile.name);
    checkBaseline("factors", names, written, report);
  }
}

function checkBaseline(section: string, names: string[], written: Written, report: Report): void {
  const named = written.text(["baseline"]);
  if (names.length === 0) {
    report([section], "this is empty; give at least one", "key");
  } else if (named !== null && !names.includes(named)) {
    report(["baseline"], `no profile is named ${shown(named)}; there are ${few(names)}${didYouMean(named, names)}`);
  } else if (section === "profiles" && !written.has(["baseline"]) && !names.includes("baseline")) {
    const text = `none of them is named baseline; name one so, or say which it is by baseline: (${few(names)})`;
    report([section], text, "key");
  }
}

function few(names: string[]): string {
  const shownNames = names.slice(0, 12).map((name) => shown(name));
  return names.length > 12 ? `${shownNames.join(", ")} and ${names.length - 12} more` : shownNames.join(", ");
}
