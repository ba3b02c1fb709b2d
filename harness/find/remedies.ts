import type { Finding } from "../diagnose/finding.ts";
import type { ProgramRemedy, Remedy, SettingRemedy } from "../diagnose/remedy.ts";
import { settingOf, suggestedValue } from "../knowledge/settings.ts";
import type { Arm, Change, Find } from "../results/find.ts";
import { armChanges, isSameChange, placeOf } from "./arm.ts";
import { freeValue } from "./listened-ports.ts";

/**
 * What a finding names that can be tried, in the order in which to try it: each alone, and then a lever of the program together with a setting:
 * limits of which the smaller binds help only in pairs. What the arm has already is left out.
 */
export function triesOf(find: Find, { remedies }: Pick<Finding, "remedies">, arm: Arm): Change[][] {
  const single = safeFirst(remedies).flatMap((remedy) => changeOf(find, remedy) ?? []);
  const isNew = (change: Change) => !armChanges(arm).some((has) => isSameChange(has, change));
  const fresh = single.filter(isNew);
  const levers = fresh.filter(({ kind }) => kind === "lever");
  const settings = fresh.filter(({ kind }) => kind === "setting");
  const pairs = levers.flatMap((lever) => settings.map((setting) => [setting, lever]));
  return [...fresh.map((change) => [change]), ...pairs];
}

/** Of settings that stand side by side and gain the same, those first that Kubernetes counts as safe. */
function safeFirst(remedies: readonly Remedy[]): Remedy[] {
  const isUnsafe = ({ key }: SettingRemedy) => (settingOf(key)?.safe ?? null) === null;
  return remedies.toSorted((one, other) => {
    if (one.kind !== "setting" || other.kind !== "setting" || one.gain !== other.gain) return 0;
    return Number(isUnsafe(one)) - Number(isUnsafe(other));
  });
}

/** The remedy as a change that may be made here; null where it is none. */
export function changeOf(find: Find, remedy: Remedy): Change | null {
  if (remedy.kind === "setting") return settingChange(find, remedy);
  return remedy.kind === "program" ? leverChange(find, remedy) : null;
}

function settingChange(find: Find, { role, key, value }: SettingRemedy): Change | null {
  const asked = { kind: "setting", role, key, value } as const;
  const isCandidate = find.candidates.some(({ change }) => placeOf(change) === placeOf(asked));
  const leftOut = find.leftOut.find((one) => one.role === role && one.key === key)?.why.code ?? null;
  // A key that may be changed, and of which nothing was known to try: the finding says what.
  const isAllowed = isCandidate || leftOut === "no-level" || leftOut === "too-many";
  const isCondition = find.conditions[role]?.[key] !== undefined;
  const isBarred = settingOf(key)?.neverTried !== undefined || role === "generator";
  if (isBarred || (!isAllowed && (leftOut !== null || isCondition))) return null;
  const free = freeValue(key, value, find.listening[role] ?? []);
  return free === null ? null : { ...asked, value: free };
}

/** A backlog has no highest value to name where the kernel's own limit is not known: then it is as long as that may be. */
function leverChange({ levers }: Find, { role, what, to }: ProgramRemedy): Change | null {
  const lever = levers.find((one) => one.what === what && one.role === role);
  if (lever === undefined) return null;
  const value = to === null ? (what === "backlog" ? suggestedValue("net.core.somaxconn") : null) : String(to);
  return value === null || value === lever.value ? null : { kind: "lever", name: lever.name, value };
}
