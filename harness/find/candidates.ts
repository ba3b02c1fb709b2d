import { mostScreened } from "../core/plackett-burman.ts";
import { isKnownPrivate } from "../knowledge/keys.ts";
import { kernelDefault, settingOf, settings } from "../knowledge/settings.ts";
import type { Candidate, Find, LeftOut } from "../results/find.ts";
import { freeValue } from "./listened-ports.ts";

/** What the candidates of a find follow from. */
export interface CandidatesRequest extends Pick<Find, "conditions" | "listening"> {
  /** Keys that were named: the target's, or upstreams.NAME.KEY; null: those of the catalogue. */
  keys: readonly string[] | null;
  /** Keys that this machine or cluster does not take, in its words. */
  refused: readonly { role: string; key: string; words: string }[];
}

type Why = LeftOut["why"];

/**
 * What is tried together where no finding points at it, at the value that knowledge/ holds for enough, those first that Kubernetes counts as
 * safe; and each key that is not tried, with the reason.
 */
export function findCandidates(request: CandidatesRequest): Pick<Find, "candidates" | "leftOut"> {
  const named = (request.keys ?? catalogue()).map(placeOfKey);
  const judged = named.map((place) => ({ ...place, came: judge(request, place.role, place.key) }));
  const all = judged.flatMap(({ came }) => (came.kind === "candidate" ? [came.candidate] : []));
  const sorted = all.toSorted((one, other) => Number(other.isSafe) - Number(one.isSafe));
  const leftOut = judged.flatMap(({ role, key, came }) =>
    came.kind === "left-out" ? [{ role, key, why: came.why }] : [],
  );
  const tooMany = sorted.slice(mostScreened).flatMap(({ change }): LeftOut[] => {
    if (change.kind === "lever") return [];
    return [{ role: change.role, key: change.key, why: { code: "too-many", most: mostScreened } }];
  });
  return { candidates: sorted.slice(0, mostScreened), leftOut: [...leftOut, ...fakeWins(named), ...tooMany] };
}

/** Keys that are tried unasked. */
function catalogue(): string[] {
  return settings.filter(({ isCatalogued }) => isCatalogued === true).map(({ key }) => key);
}

function placeOfKey(written: string): { role: string; key: string } {
  const [, upstream, key] = /^upstreams\.([^.]+)\.(.+)$/.exec(written) ?? [];
  return upstream === undefined || key === undefined ? { role: "target", key: written } : { role: upstream, key };
}

/** Of the target's keys those that people reach for and that are never tried are told in any case. */
function fakeWins(named: readonly { role: string; key: string }[]): LeftOut[] {
  const isNamed = (key: string) => named.some((one) => one.role === "target" && one.key === key);
  return settings.flatMap(({ key, neverTried }): LeftOut[] =>
    neverTried === undefined || isNamed(key) ? [] : [{ role: "target", key, why: { code: neverTried } }],
  );
}

function judge(
  request: CandidatesRequest,
  role: string,
  key: string,
): { kind: "candidate"; candidate: Candidate } | { kind: "left-out"; why: Why } {
  const setting = settingOf(key);
  const level = setting?.worthTrying[0] ?? null;
  const why = hindrance(request, role, key);
  if (why !== null) return { kind: "left-out", why };
  if (level === null) return { kind: "left-out", why: { code: "no-level" } };
  const listening = request.listening[role] ?? [];
  const value = freeValue(key, level.value, listening);
  if (value === null) return { kind: "left-out", why: { code: "listened-on", ports: [...listening] } };
  const now = request.conditions[role]?.[key] ?? (setting?.defaults.length === 0 ? null : kernelDefault(key));
  if (value === now) return { kind: "left-out", why: { code: "as-it-is", value } };
  const change = { kind: "setting", role, key, value } as const;
  return { kind: "candidate", candidate: { change, isSafe: (setting?.safe ?? null) !== null } };
}

function hindrance({ keys, conditions, refused }: CandidatesRequest, role: string, key: string): Why | null {
  const neverTried = settingOf(key)?.neverTried;
  if (neverTried !== undefined) return { code: neverTried };
  if (!isKnownPrivate(key)) return { code: "not-private" };
  const words = refused.find((one) => one.role === role && one.key === key)?.words;
  if (words !== undefined) return { code: "refused", words };
  const condition = conditions[role]?.[key];
  return condition !== undefined && keys === null ? { code: "condition", value: condition } : null;
}
