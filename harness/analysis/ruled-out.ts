import type { Finding } from "../diagnose/finding.ts";
import type { SettingRemedy } from "../diagnose/remedy.ts";
import type { ProfileRecord, RunRecord } from "../results/run.ts";
import type { ProfileAnalysis } from "./analysis.ts";
import { profileChanges } from "./changes.ts";

/**
 * Profiles whose findings give no remedy that another profile of the same run has shown not to help: one that differs in nothing but that
 * setting, and has the same finding at the same limit in all its trials. What was tried then stands among the evidence.
 */
export function withoutRuledOut<Profile extends Pick<ProfileAnalysis, "name" | "findings">>(
  run: Pick<RunRecord, "profiles">,
  profiles: readonly Profile[],
): Profile[] {
  const tried = profiles.flatMap(({ name, findings }) => {
    const record = run.profiles.find((one) => one.name === name);
    return record === undefined ? [] : [{ record, findings }];
  });
  return profiles.map((profile) => {
    const own = tried.find(({ record }) => record.name === profile.name);
    if (own === undefined) return profile;
    return { ...profile, findings: profile.findings.map((finding) => withoutTried(finding, own.record, tried)) };
  });
}

interface Tried {
  record: ProfileRecord;
  findings: Finding[];
}

function withoutTried(finding: Finding, own: ProfileRecord, tried: readonly Tried[]): Finding {
  const ruledOut = finding.remedies.flatMap((remedy) => {
    if (remedy.kind !== "setting") return [];
    const vain = tried.find((other) => setsAlone(other.record, own, remedy) && stillHas(other.findings, finding));
    return vain === undefined ? [] : [{ remedy, profile: vain.record }];
  });
  if (ruledOut.length === 0) return finding;
  const [first, ...others] = finding.evidence;
  const shown = ruledOut.map(({ remedy: { role, key }, profile }) => ({
    ...{ kind: "ruled-out" as const, role, key, profile: profile.name },
    value: profile.sysctls[role]?.[key] ?? "",
  }));
  const remedies = finding.remedies.filter((remedy) => !ruledOut.some((one) => one.remedy === remedy));
  return { ...finding, evidence: [first, ...others, ...shown], remedies } as Finding;
}

/** Whether a profile is another one with this setting raised at least as far as the remedy says, and nothing else. */
function setsAlone(other: ProfileRecord, own: ProfileRecord, { role, key, value }: SettingRemedy): boolean {
  const isIt = (change: string) => change.startsWith(`${role} ${key}=`);
  const [added, dropped] = [[...profileChanges(other, own)], [...profileChanges(own, other)]];
  if (added.length !== 1 || !added.every(isIt) || !dropped.every(isIt)) return false;
  const set = other.sysctls[role]?.[key];
  return set === value || (/^\d+$/.test(value) && Number(set) >= Number(value));
}

/** In every trial, at the same limit: one that lies further off has helped, if only for a time. */
function stillHas(findings: readonly Finding[], { rule, role, limit }: Finding): boolean {
  return findings.some(
    (one) =>
      one.rule === rule &&
      one.role === role &&
      one.seenIn === one.trials &&
      (one.limit?.of ?? null) === (limit?.of ?? null),
  );
}
