import type { Report } from "./checks.ts";
import { combinations, levelText, profilesFromFactors } from "./factors.ts";
import { shown } from "./problems.ts";
import { type Level, rpsAllowed, rpsPattern } from "./schema-forms.ts";
import type { FactorsForm } from "./schema-profiles.ts";

/** One key a factor, no key in two factors, no level twice, and names of combinations that are short enough and differ. False where not. */
export function checkFactors(factors: FactorsForm, tell: Report): boolean {
  let sound = true;
  const report: Report = (...problem) => {
    sound = false;
    tell(...problem);
  };
  checkKeys(factors, report);
  const count = combinations(factors);
  if (count > mostCombinations) {
    report(["factors"], `these levels combine to ${count} profiles; use at most ${mostCombinations}`, "key");
  } else if (sound) {
    checkNames(factors, report);
  }
  return sound;
}

const mostCombinations = 256;

function checkKeys(factors: FactorsForm, report: Report): void {
  const owners = new Map<string, string>();
  for (const [factor, settings] of Object.entries(factors)) {
    const count = Object.keys(settings).length;
    if (count !== 1) {
      report(["factors", factor], `a factor has one key, this one has ${count}; use a sysctl, env.NAME or rps`);
    }
    for (const [key, levels] of Object.entries(settings)) {
      const owner = owners.get(key);
      if (owner !== undefined) {
        report(["factors", factor, key], `the factor ${owner} sets this key, too; use it in one factor`, "key");
      }
      owners.set(key, factor);
      checkLevels(["factors", factor, key], key, levels, report);
    }
  }
}

function checkLevels(path: string[], key: string, levels: Level[], report: Report): void {
  const texts = levels.map((level) => levelText(key, level));
  texts.forEach((text, i) => {
    if (texts.indexOf(text) !== i) report([...path, i], `the level ${shown(text)} is here twice; use each once`);
    if (text === "" && !key.startsWith("env.")) report([...path, i], "this level is empty; use a value");
    if (key === "rps" && !rpsPattern.test(text))
      report([...path, i], `${shown(text)} can't be used; use ${rpsAllowed}`);
  });
}

function checkNames(factors: FactorsForm, report: Report): void {
  const names = profilesFromFactors(factors).map((profile) => profile.name);
  const longest = names.find((name) => name.length > 100);
  if (longest !== undefined) {
    report(
      ["factors"],
      `the combination ${shown(longest)} has a name of over 100 characters; use shorter names of factors`,
      "key",
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    report(
      ["factors"],
      `two combinations would be named ${shown(twice)}; use levels that differ in letters, digits, . _ or -`,
      "key",
    );
  }
}
