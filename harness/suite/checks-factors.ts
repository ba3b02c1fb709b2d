import { didYouMean } from "../core/nearest.ts";
import { escaped } from "../core/text.ts";
import { parseRatePerSecond, rateAllowed } from "../core/units.ts";
import type { Report, Written } from "./checks.ts";
import { deliveryRoutes } from "./cluster.ts";
import { factorKeyAllowed, parseFactorKey } from "./factor-key.ts";
import { countOfProfiles, type FactorDesign, levelText, profilesFromFactors } from "./factors.ts";
import { shown } from "./problems.ts";
import { type Level, oneOf, rpsAllowed, rpsPattern } from "./schema-forms.ts";
import { imageAllowed, imagePattern } from "./schema-kubernetes.ts";
import { virtualUsersAllowed } from "./schema-load.ts";
import type { FactorsForm } from "./schema-profiles.ts";

/** One key a factor, no key in two factors, no level twice, and names of combinations that are short enough and differ. False where not. */
export function checkFactors(factors: FactorsForm, design: FactorDesign, written: Written, tell: Report): boolean {
  let sound = true;
  const report: Report = (...problem) => {
    sound = false;
    tell(...problem);
  };
  checkKeys(factors, report);
  checkUpstreams(factors, written.keys(["upstreams"]), report);
  const count = countOfProfiles(factors, design);
  if (count > mostCombinations) {
    report(["factors"], `these levels combine to ${count} profiles; use at most ${mostCombinations}`, "key");
  } else if (sound) {
    checkNames(factors, design, report);
  }
  return sound;
}

const mostCombinations = 256;

function checkKeys(factors: FactorsForm, report: Report): void {
  const owners = new Map<string, string>();
  for (const [factor, settings] of Object.entries(factors)) {
    const count = Object.keys(settings).length;
    if (count !== 1) {
      report(["factors", factor], `a factor has one key, this one has ${count}; use ${factorKeyAllowed}`);
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

/** Keys of upstreams' settings name one that is there. */
function checkUpstreams(factors: FactorsForm, upstreams: string[], report: Report): void {
  for (const [factor, settings] of Object.entries(factors)) {
    for (const key of Object.keys(settings)) {
      const parsed = parseFactorKey(key);
      const upstream = parsed.kind === "env" || parsed.kind === "sysctl" ? parsed.upstream : null;
      if (upstream === null || upstreams.includes(upstream)) continue;
      report(["factors", factor, key], noSuchUpstream(upstream, upstreams), "key");
    }
  }
}

export function noSuchUpstream(name: string, upstreams: string[]): string {
  const known = upstreams.length === 0 ? "this suite has none" : `declared are ${upstreams.map(escaped).join(", ")}`;
  return `no upstream is named ${shown(name)}; ${known}${didYouMean(name, upstreams)}`;
}

function checkLevels(path: string[], key: string, levels: Level[], report: Report): void {
  const texts = levels.map((level) => levelText(key, level));
  texts.forEach((text, i) => {
    if (texts.indexOf(text) !== i) report([...path, i], `the level ${shown(text)} is here twice; use each once`);
    const allowed = levelAllowed(key, text);
    if (allowed !== null) report([...path, i], `${shown(text)} can't be used; use ${allowed}`);
  });
}

/** What a level of this key must be, where this one is not; null where it is. */
function levelAllowed(key: string, text: string): string | null {
  const parsed = parseFactorKey(key);
  if (parsed.kind === "sysctl") return text === "" ? "a value" : null;
  if (parsed.kind === "rps") return rpsPattern.test(text) ? null : rpsAllowed;
  if (parsed.kind === "env") return null;
  if (parsed.kind === "image") return imagePattern.test(text) && text.length <= 512 ? null : imageAllowed;
  if (parsed.kind === "route") {
    return deliveryRoutes.some((route) => route === text) ? null : oneOf(deliveryRoutes, text);
  }
  if (parsed.field === "rate") return parseRatePerSecond(text) === null ? rateAllowed : null;
  if (parsed.field === "keepConnections") return /^(true|false)$/.test(text) ? null : "true or false";
  return /^[1-9][0-9]{0,5}$/.test(text) && Number(text) <= 100_000 ? null : virtualUsersAllowed;
}

function checkNames(factors: FactorsForm, design: FactorDesign, report: Report): void {
  const names = profilesFromFactors(factors, design).map((profile) => profile.name);
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
