import type { Story } from "../analysis/effects.ts";
import { isTargetRole } from "../core/roles.ts";
import type { ProfileRecord } from "../results/run.ts";
import { code, codes } from "./code-spans.ts";
import { effectOf, profileChanging, targetChange } from "./key-effects.ts";
import type { DeliveredSetting, OtherChange, OtherHalf } from "./selection.ts";

/** What a profile changes beside the target's settings, and what the run says of the settings without it; null where it changes nothing else. */
export function otherHalfOf(story: Story, profile: ProfileRecord, kept: DeliveredSetting[]): OtherHalf | null {
  const changes = otherChanges(profile, story.run.profiles.find(({ name }) => name === story.run.baseline) ?? profile);
  if (changes.length === 0) return null;
  const alone = profileChanging(story, new Set(kept.map(targetChange)));
  if (alone === null) return { changes, without: "unmeasured", profile: null };
  return { changes, without: effectOf(story, alone.name) === "helps" ? "helps" : "nothing", profile: alone.name };
}

function otherChanges(profile: ProfileRecord, baseline: ProfileRecord): OtherChange[] {
  const entries = (values: Record<string, string>, before: Record<string, string> = {}) =>
    Object.entries(values).flatMap(([key, value]) => (before[key] === value ? [] : [`${key}=${value}`]));
  const others = Object.entries(profile.sysctls).filter(([role]) => !isTargetRole(role));
  const isNew = (value: string | null, before: string | null) => value !== null && value !== before;
  const command = profile.command?.join(" ") ?? null;
  return [
    ...entries(profile.env, baseline.env).map((text) => ({ kind: "environment" as const, text })),
    ...(isNew(command, baseline.command?.join(" ") ?? null) ? [{ kind: "command" as const, text: command ?? "" }] : []),
    ...(isNew(profile.image, baseline.image) ? [{ kind: "image" as const, text: profile.image ?? "" }] : []),
    ...[
      ...others.flatMap(([role, values]) => entries(values, baseline.sysctls[role]).map((text) => `${role}: ${text}`)),
      ...Object.entries(profile.upstreamEnv).flatMap(([role, values]) =>
        entries(values, baseline.upstreamEnv[role]).map((text) => `${role}: ${text}`),
      ),
      ...(isNew(profile.rps, baseline.rps) ? [`receive packet steering ${profile.rps}`] : []),
      ...entries(profile.load, baseline.load).map((text) => `load: ${text}`),
    ].map((text) => ({ kind: "elsewhere" as const, text })),
  ];
}

/** What of it the program must be given. */
function programChanges({ changes }: OtherHalf): OtherChange[] {
  return changes.filter(({ kind }) => kind !== "elsewhere");
}

/** What the settings come to without the other half: a sentence. */
function withoutWords({ changes, without, profile }: OtherHalf): string {
  const what = codes(changes.map(({ text }) => text));
  if (without === "helps") return `The settings helped without ${what} too (${code(profile ?? "")}).`;
  if (without === "nothing")
    return `**The settings alone do nothing** (${code(profile ?? "")} did not help): they help only together with ${what}.`;
  return `Whether the settings do anything without ${what} was not measured: they were together in the run.`;
}

/** The step by which the program gets its half, before its settings; null where it needs none. */
export function programStep(half: OtherHalf | null): string | null {
  const changes = half === null ? [] : programChanges(half);
  if (half === null || changes.length === 0 || half.without === "helps") return null;
  const ways = { environment: "environment", command: "command", image: "container image", elsewhere: "elsewhere" };
  const list = changes.map(({ kind, text }) => `- ${ways[kind]}: ${code(text)}`);
  return [
    `The program's half first. ${withoutWords(half)} In your own manifest, give the program what it had in the run:`,
    ...list,
  ].join("\n");
}
