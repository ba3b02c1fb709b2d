import type { ReportInput } from "../../harness/report/report-input.ts";
import type { Caveat } from "../../harness/results/caveats.ts";
import { portExhaustionReport } from "./report-fixture.ts";

/** Text that would run as script, end an element, move a terminal's cursor or become a formula if it were not only text. */
export const hostileText =
  '=<img src=x onerror="window.pwned=1"></script></title><script>window.pwned=1</script>--> ]]>|`**\u001B[31m\u0000\u2028&amp;\u202E';

/** A caveat whose every text is. */
export const hostileCaveat: Caveat = { code: "log-lost", role: hostileText, words: hostileText };

/** A report into which every text of unknown origin is hostile. */
export function hostileReport(): ReportInput {
  const input = portExhaustionReport();
  const { run, analysis, trials, series } = input;
  const caveats = [hostileCaveat];
  run.suite = hostileText;
  run.description = hostileText;
  run.caveats = caveats;
  run.provenance.cpuModel = hostileText;
  const rename = (name: string) => (name === "reuse" ? hostileText : name);
  for (const profile of [...run.profiles, ...analysis.profiles]) profile.name = rename(profile.name);
  for (const trial of [...trials, ...series.map((one) => one.trial)]) {
    trial.profile = rename(trial.profile);
    trial.lastWords = { target: [hostileText] };
    trial.caveats = caveats;
  }
  for (const profile of analysis.profiles) {
    profile.invalidReasons = [{ code: "part-lost", words: hostileText }];
    const raisedIn = { trials: 1, of: 2, profile: profile.name };
    profile.caveats = [{ ...hostileCaveat, raisedIn }];
    for (const finding of profile.findings) {
      for (const ports of finding.evidence) if (ports.kind === "ports") ports.destination.name = hostileText;
      const setting = { kind: "setting", role: hostileText, key: hostileText, value: hostileText } as const;
      const ended = {
        atSeconds: 3,
        how: { kind: "not-undone" as const, words: hostileText },
        lastWords: [hostileText],
      };
      finding.evidence.push(setting, { kind: "ended", role: hostileText, ...ended });
      finding.remedies.push({ ...setting, gain: "cure" });
    }
  }
  const [first] = trials;
  if (first !== undefined) {
    first.valid = false;
    first.invalidReason = { code: "part-lost", words: hostileText };
  }
  return input;
}
