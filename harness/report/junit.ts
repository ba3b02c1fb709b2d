import type { Comparison, ProfileAnalysis } from "../analysis/analysis.ts";
import { measureNames, measureOf } from "../core/measures.ts";
import { printable } from "../core/text.ts";
import { formatPercent } from "../core/units.ts";
import type { TrialRecord } from "../results/trial.ts";
import { goalCell } from "./conditions.ts";
import { footnotes } from "./doubts.ts";
import { describeEvidence, describeSeen } from "./findings.ts";
import { formatComparison, formatSummary } from "./measures.ts";
import { refusalMessage, sentence } from "./refusals.ts";
import type { ReportInput } from "./report-input.ts";
import { caveatSentences } from "./words/caveats.ts";
import { conclusionsOf } from "./words/effect-conclusions.ts";
import { findingWords } from "./words/findings.ts";
import { invalidWords } from "./words/invalid-reasons.ts";
import { recheckSentence } from "./words/recheck.ts";
import { verdictOf } from "./words/verdict.ts";

/** How a profile's trials went, in JUnit's words. Finding the wall is success; only a missing measurement is not. */
type CaseResult = { kind: "passed" } | { kind: "failure" | "error" | "skipped"; message: string };

/**
 * JUnit XML for CI systems: each profile a test case. error: no valid trial; failure: some trials invalid;
 * skipped: the platform refused the profile. What was measured stands in properties and system-out.
 */
export function renderJunit(input: ReportInput): string {
  const { run, analysis, trials } = input;
  const cases = analysis.profiles.map((profile) => {
    const own = trials.filter((trial) => trial.profile === profile.name);
    return { profile, own, result: resultOf(profile, own) };
  });
  const count = (kind: CaseResult["kind"]) => cases.filter(({ result }) => result.kind === kind).length;
  const totals = { tests: cases.length, failures: count("failure"), errors: count("error"), skipped: count("skipped") };
  const time = trials.reduce((sum, trial) => sum + trial.loadSeconds, 0).toFixed(3);
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites${attributes({ name: "tunebench", ...totals, time })}>`,
    `  <testsuite${attributes({ name: run.suite, ...totals, time, timestamp: run.startedAt })}>`,
    ...cases.flatMap(({ profile, own, result }) => testCase(run.suite, profile, own, result)),
    `    <system-out>${escapeXml(suiteOutput(input))}</system-out>`,
    `  </testsuite>`,
    `</testsuites>`,
    "",
  ].join("\n");
}

function resultOf(profile: ProfileAnalysis, trials: TrialRecord[]): CaseResult {
  const served = new Set(trials.filter(({ valid }) => valid).map(({ block }) => block));
  // What was invalid and came to a valid outcome when it was repeated is not held against the profile.
  const invalid = trials.filter(({ valid, block }) => !valid && !served.has(block));
  const reasons = [...new Set(invalid.map((trial) => invalidWords(trial.invalidReason)))].join("; ");
  if (profile.refused > 0) return { kind: "skipped", message: `refused by the platform: ${refusal(profile)}` };
  if (trials.length === 0) return { kind: "error", message: "no trial was run" };
  if (served.size === 0) return { kind: "error", message: `no valid trial: ${reasons}` };
  if (invalid.length === 0) return { kind: "passed" };
  return { kind: "failure", message: `${invalid.length} of ${trials.length} trials are invalid: ${reasons}` };
}

function refusal({ refusal: said }: ProfileAnalysis): string {
  return said === null ? "no reason was recorded" : refusalMessage(said);
}

function testCase(suite: string, profile: ProfileAnalysis, trials: TrialRecord[], result: CaseResult): string[] {
  const time = trials.reduce((sum, trial) => sum + trial.loadSeconds, 0).toFixed(3);
  const note = result.kind === "passed" ? [] : [`      <${result.kind}${attributes({ message: result.message })}/>`];
  return [
    `    <testcase${attributes({ classname: suite, name: profile.name, time })}>`,
    `      <properties>`,
    ...measureNames
      .filter((name) => profile.measures[name] !== undefined)
      .map((name) => `        <property${attributes({ name, value: formatSummary(name, profile.measures[name]) })}/>`),
    `      </properties>`,
    ...note,
    `      <system-out>${escapeXml(caseOutput(profile))}</system-out>`,
    `    </testcase>`,
  ];
}

function caseOutput(profile: ProfileAnalysis): string {
  const compared = measureNames.flatMap((name) => {
    const versus = profile.versusBaseline[name];
    if (versus === undefined) return [];
    return [`${measureOf(name).label}: ${formatComparison(versus)}, ${versus.verdict}${noiseWords(versus)}`];
  });
  const found = profile.findings.map((finding) => {
    const seen = describeSeen(finding);
    return `${finding.rule}${seen === null ? "" : ` (${seen})`}: ${findingWords(finding)} ${describeEvidence(finding)}`;
  });
  const { refusal: said } = profile;
  const refused = said === null ? [] : [sentence(said.reason), `remedy: ${said.remedy}`];
  const doubts = caveatSentences(profile.doubts).map((sentence) => `doubt: ${sentence}`);
  const goals = profile.goals.map((goal) => {
    const { goal: asked, value, result } = goalCell(goal, profile.trials - profile.invalid);
    return `goal: ${asked}: ${result} (${value})`;
  });
  return [...refused, ...compared, ...goals, ...found, ...doubts].map(printable).join("\n");
}

/** " (noise 1.8%, finds 7.1%)" */
function noiseWords({ noiseFloor, minimumDetectable }: Comparison): string {
  if (noiseFloor === null) return "";
  const finds = minimumDetectable === null ? "" : `, finds ${formatPercent(minimumDetectable)}`;
  return ` (noise ${formatPercent(noiseFloor)}${finds})`;
}

function suiteOutput(input: ReportInput): string {
  const general = footnotes(input).filter((note) => note.profiles.length === 0);
  const { run, analysis } = input;
  const { recheck } = analysis;
  const told = [
    verdictOf(run, analysis),
    ...(recheck === null ? [] : [recheckSentence(recheck)]),
    ...conclusionsOf(run, analysis),
  ];
  return [...told, ...general.map((note) => `doubt: ${note.sentence}`)].map(printable).join("\n");
}

/** XML attributes, each after a space; values of any origin. */
export function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(printable(String(value)))}"`)
    .join("");
}

/** Text as the content of an element or a quoted attribute. */
export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
