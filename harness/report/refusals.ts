import type { Analysis } from "../analysis/analysis.ts";
import { printable } from "../core/text.ts";

/** A profile that the platform would not take: its words, what they mean and what to do, as text of unknown origin. */
export interface RefusalRow {
  profile: string;
  route: string;
  words: string;
  reason: string;
  remedy: string;
}

/** In the order of the profiles; [] where nothing was refused. */
export function refusalRows({ profiles }: Analysis): RefusalRow[] {
  return profiles.flatMap(({ name, refusal }) => (refusal === null ? [] : [{ profile: name, ...refusal }]));
}

/** "reuse, by capabilities-init"; a profile that bears its route's name only once. */
export function refusedName({ profile, route }: Pick<RefusalRow, "profile" | "route">): string {
  return profile === route ? profile : `${profile}, by ${route}`;
}

/** The first letter as a sentence's. */
export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/** "capabilities-init: sysctl: error setting key ...: Read-only file system" */
export function refusalMessage({ route, words }: Pick<RefusalRow, "route" | "words">): string {
  return printable(`${route}: ${words}`);
}
