import { durationAllowed } from "../core/units.ts";
import type { Report, Written } from "./checks.ts";
import type { SuiteForm } from "./schema.ts";
import { rateAllowed } from "./schema-load.ts";
import { isLongProfile } from "./schema-profiles.ts";

/** Where the load's rate and its end come from: load.rate and stop.after, unless conditions or an objective say so. */
export function checkLoad(form: Partial<SuiteForm>, written: Written, report: Report): void {
  checkBursts(["load", "rate"], form.load?.rate, report);
  for (const [name, profile] of Object.entries(form.profiles ?? {})) {
    if (isLongProfile(profile)) checkBursts(["profiles", name, "load", "rate"], profile.load?.rate, report);
  }
  checkRateIsThere(written, report);
  checkEndIsThere(written, report);
  checkRatesOfProfiles(form, written, report);
}

type Rate = NonNullable<SuiteForm["load"]["rate"]>;

function checkBursts(path: string[], rate: Rate | undefined, report: Report): void {
  if (typeof rate !== "object" || !("base" in rate) || rate.lasting < rate.every) return;
  report([...path, "lasting"], "a burst must be over before the next begins; use less than every");
}

function checkRateIsThere(written: Written, report: Report): void {
  const given = written.has(["load", "rate"]);
  if (written.has(["conditions"])) {
    if (given) report(["load", "rate"], "conditions are given, too; use load.rate or conditions, not both", "key");
  } else if (!given && written.has(["load"])) {
    report(["load"], `"rate" is missing; give ${rateAllowed}`, "key");
  }
}

function checkEndIsThere(written: Written, report: Report): void {
  if (written.has(["conditions"]) || written.has(["objective"])) return;
  if (!written.has(["stop"])) report([], `"stop" is missing; give a map with after`);
  else if (!written.has(["stop", "after"])) report(["stop"], `"after" is missing; give ${durationAllowed}`, "key");
}

/** Where the whole load's rate is not fixed, no profile can have a rate of its own. */
function checkRatesOfProfiles({ factors }: Partial<SuiteForm>, written: Written, report: Report): void {
  const section = ["conditions", "objective"].find((name) => written.has([name]));
  if (section === undefined) return;
  const text = `the rate is the ${section === "objective" ? "objective's to find" : "conditions'"}; leave it out here`;
  for (const name of written.keys(["profiles"])) {
    const path = ["profiles", name, "load", "rate"];
    if (written.has(path)) report(path, text, "key");
  }
  for (const [factor, settings] of Object.entries(factors ?? {})) {
    if ("load.rate" in settings) report(["factors", factor, "load.rate"], text, "key");
  }
}
