import { settingOf } from "../knowledge/settings.ts";
import type { Arm, Change } from "../results/find.ts";

/** The suite as it is. */
export const baselineArm: Arm = { target: {}, upstreams: {}, levers: {} };

/** An arm with changes on top; of two of one key the later counts. */
export function withChanges(arm: Arm, changes: readonly Change[]): Arm {
  return changes.reduce(withChange, arm);
}

function withChange(arm: Arm, change: Change): Arm {
  if (change.kind === "lever") return { ...arm, levers: { ...arm.levers, [change.name]: change.value } };
  const { role, key, value } = change;
  if (role === "target") return { ...arm, target: { ...arm.target, [key]: value } };
  return { ...arm, upstreams: { ...arm.upstreams, [role]: { ...arm.upstreams[role], [key]: value } } };
}

/** The arm of nothing but these. */
export function armOf(changes: readonly Change[]): Arm {
  return withChanges(baselineArm, changes);
}

/** What an arm changes: the target's settings first, then upstreams', then levers. */
export function armChanges({ target, upstreams, levers }: Arm): Change[] {
  const settings = (role: string, values: Record<string, string>) =>
    Object.entries(values).map(([key, value]): Change => ({ kind: "setting", role, key, value }));
  return [
    ...settings("target", target),
    ...Object.entries(upstreams).flatMap(([role, values]) => settings(role, values)),
    ...Object.entries(levers).map(([name, value]): Change => ({ kind: "lever", name, value })),
  ];
}

/** What a change is about, whatever its value. */
export function placeOf(change: Change): string {
  return change.kind === "lever" ? `lever ${change.name}` : `${change.role} ${change.key}`;
}

export function isSameChange(one: Change, other: Change): boolean {
  return placeOf(one) === placeOf(other) && one.value === other.value;
}

/** Whether two arms do the same, in whatever order they say it. */
export function isSameArm(one: Arm, other: Arm): boolean {
  return fingerprint(one) === fingerprint(other);
}

function fingerprint(arm: Arm): string {
  return armChanges(arm)
    .map((change) => `${placeOf(change)} ${change.value}`)
    .sort()
    .join("\n");
}

/** A profile's name may have so many letters. */
const longestName = 60;

/** An arm's name, which no other arm has: `tcp_tw_reuse=1,db.somaxconn=65535`; where that is too long, by how many changes and which. */
export function armName(arm: Arm): string {
  const changes = armChanges(arm);
  if (changes.length === 0) return "baseline";
  const name = changes.map(changeName).join(",");
  // Words of a name are cut and cleaned: two arms may look alike in it.
  const isWhole = name.length <= longestName && /^[A-Za-z0-9][\w.=,-]*$/.test(name);
  return isWhole ? name : `${changes.length}-changes-${digest(fingerprint(arm))}`;
}

/** A key that has a record goes by its last word, which no other record's has. */
function changeName(change: Change): string {
  if (change.kind === "lever") return `${change.name}=${change.value}`;
  const { role, key, value } = change;
  const name = settingOf(key) === null ? key : key.slice(key.lastIndexOf(".") + 1);
  return `${role === "target" ? "" : `${role}.`}${name}=${value.replaceAll(" ", "-")}`;
}

/** 32 bits, FNV-1a: enough to tell the arms of one find apart. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (const letter of new TextEncoder().encode(text)) hash = Math.imul(hash ^ letter, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
