import { didYouMean } from "../core/nearest.ts";
import { mostScreened } from "../core/plackett-burman.ts";
import { combinationsOf, countOfProfiles, fewestScreened } from "./factors.ts";
import { shown } from "./problems.ts";
import type { Checked } from "./written.ts";

/** Profiles or factors, not both; and a baseline among them. Without either the baseline alone is run. */
export function checkProfiles(checked: Checked): void {
  const { sections, written, report } = checked;
  const factorsThere = written.has(["factors"]);
  const profilesThere = written.has(["profiles"]);
  const names = namesOfCombinations(checked);
  if (profilesThere && factorsThere) {
    report(["factors"], "profiles are given, too; use profiles or factors, not both", "key");
  } else if (profilesThere) {
    checkBaseline("profiles", written.keys(["profiles"]), checked);
  } else if (names !== null) {
    checkBaseline("factors", names, checked);
  } else if (!factorsThere) {
    checkBaseline("profiles", ["baseline"], checked);
  }
  if (written.has(["design"]) && sections.design !== undefined && sections.design !== "duet" && !factorsThere) {
    report(["design"], "this says which combinations of factors are run; use it with factors:", "key");
  }
}

const mostCombinations = 256;

/** Names of the profiles that factors give; null where there are none to compare. */
function namesOfCombinations(checked: Checked): string[] | null {
  const { sections, report } = checked;
  const { factors, design = "factorial" } = sections;
  if (factors === undefined || design === "duet" || (design === "screening" && !canBeScreened(factors, checked)))
    return null;
  const count = countOfProfiles(factors, design);
  if (count > mostCombinations) {
    report(["factors"], `these levels combine to ${count} profiles; use at most ${mostCombinations}`, "key");
    return null;
  }
  const names = combinationsOf(factors, design).map(({ name }) => name);
  const longest = names.find((name) => name.length > 100);
  if (longest !== undefined) {
    const text = `the combination ${shown(longest)} has a name of over 100 characters; use shorter names of factors`;
    report(["factors"], text, "key");
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    const text = `two combinations would be named ${shown(twice)}; use levels that differ in letters, digits, . _ or -`;
    report(["factors"], text, "key");
  }
  return longest === undefined && twice === undefined ? names : null;
}

function canBeScreened(factors: NonNullable<Checked["sections"]["factors"]>, { report }: Checked): boolean {
  const count = Object.keys(factors).length;
  if (count < fewestScreened || count > mostScreened) {
    const instead = count < fewestScreened ? "; use factorial for fewer: it has no more runs, and shows pairs" : "";
    report(["design"], `screening is for ${fewestScreened} to ${mostScreened} factors, these are ${count}${instead}`);
    return false;
  }
  const many = Object.entries(factors).flatMap(([factor, settings]) =>
    Object.entries(settings).flatMap(([key, { length }]) =>
      length === 2 ? [] : [{ path: ["factors", factor, key], length }],
    ),
  );
  for (const { path, length } of many) report(path, `screening has two levels of each factor, this one has ${length}`);
  return many.length === 0;
}

function checkBaseline(section: "profiles" | "factors", names: string[], { written, report }: Checked): void {
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
