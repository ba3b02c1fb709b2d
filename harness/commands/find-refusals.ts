import type { Screen } from "../core/screen.ts";
import { printable } from "../core/text.ts";
import { findRoles, findSuite } from "../experiment/find-suite.ts";
import { knownSetting, recordedKeys } from "../knowledge/settings.ts";
import type { Find } from "../results/find.ts";
import { longProfile } from "../suite/schema-profiles.ts";
import type { Suite } from "../suite/suite.ts";
import type { Testbed } from "../testbeds/testbed.ts";
import type { Refused } from "./find-choice.ts";
import { interruptiblePreflight } from "./run.ts";

/** Tries what a find may try, each by itself, and says what is refused, before anything is run. `suite` has passed preflight. */
export async function refusedIn(testbed: Testbed, suite: Suite, find: Find, screen: Screen): Promise<Refused[]> {
  const tried = [
    ...new Map([...triedOf(suite), ...candidatesOf(find)].map((one) => [JSON.stringify(one), one])).values(),
  ];
  const own = findSuite(suite, find);
  const profiles = tried.map(({ role, key, value }, place) => {
    const settings = { [key]: value };
    const form = role === "target" ? { sysctls: settings } : { upstreams: { [role]: { sysctls: settings } } };
    return { name: String(place), ...longProfile.parse(form) };
  });
  const log = (line: string) => screen.write(`${line}\n`);
  const refusals = await interruptiblePreflight((signal) => testbed.refused(own, profiles, signal), log);
  return refusals.flatMap(({ profile, words }) => {
    const setting = tried[Number(profile)];
    if (setting === undefined) return [];
    log(`tunebench: left out, refused here: ${printable(`${setting.key} of ${setting.role}: ${words}`)}`);
    return [{ role: setting.role, key: setting.key, words }];
  });
}

interface Tried {
  role: string;
  key: string;
  value: string;
}

function candidatesOf({ candidates }: Find): Tried[] {
  return candidates.flatMap(({ change }) =>
    change.kind === "setting" ? [{ role: change.role, key: change.key, value: change.value }] : [],
  );
}

/** What a finding may name: rules read what is recorded of every trial, and ask for that. */
function triedOf(suite: Suite): Tried[] {
  return findRoles(suite).flatMap((role) =>
    recordedKeys.flatMap((key) => {
      const { worthTrying, defaults } = knownSetting(key);
      const value = worthTrying[0]?.value ?? defaults[0]?.value ?? "";
      return value === "" ? [] : [{ role, key, value }];
    }),
  );
}
