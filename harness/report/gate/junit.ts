import type { Gate, GateCheck, GateComparison } from "../../analysis/gate-record.ts";
import { printable } from "../../core/text.ts";
import { plainText } from "../blocks.ts";
import { gateCells } from "../sections/gate.ts";
import { caveatSentences } from "../words/caveats.ts";
import { describeArm, describeChecks, describeDifference, describeFindings } from "../words/gate-lines.ts";
import { checkName, checkWords, gateReasonWords, obstacleWords } from "../words/gate-reasons.ts";
import { gateSentence } from "../words/gate-sentence.ts";

/**
 * JUnit XML of the gate: each judged measure and each check a test case. failure: worse, and the gate says regression (exit 1). skipped:
 * undecided, and all of them where the gate itself is kept from deciding: CI systems show it as neither passed nor
 * failed, as exit code 5 means it; `error` would turn red what is only not known.
 */
export function renderGateJunit(gate: Gate): string {
  const cases = [
    ...gate.comparisons.map((one) => ({ kind: kindOf(gate, one), lines: (kind: Kind) => testCase(gate, one, kind) })),
    ...gate.checks.map((one) => ({ kind: kindOf(gate, one), lines: (kind: Kind) => checkCase(gate, one, kind) })),
  ];
  const count = (kind: Kind) => cases.filter((entry) => entry.kind === kind).length;
  const totals = { tests: cases.length, failures: count("failure"), errors: 0, skipped: count("skipped") };
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites${attributes({ name: "tunebench gate", ...totals })}>`,
    `  <testsuite${attributes({ name: gate.suite, ...totals, timestamp: gate.candidate.startedAt })}>`,
    ...cases.flatMap(({ lines, kind }) => lines(kind)),
    `    <system-out>${escapeXml(suiteOutput(gate))}</system-out>`,
    `  </testsuite>`,
    `</testsuites>`,
    "",
  ].join("\n");
}

type Kind = "passed" | "failure" | "skipped";

function kindOf({ decision, obstacles }: Gate, { result }: Pick<GateComparison, "result">): Kind {
  if (obstacles.length > 0 || result === "undecided") return "skipped";
  return decision === "regression" && result === "worse" ? "failure" : "passed";
}

function testCase(gate: Gate, one: GateComparison, kind: Kind): string[] {
  const [, baseline, candidate, ratio, p, n, tolerance, noise] = gateCells(one).map(plainText);
  const numbers = `${baseline} -> ${candidate}; ratio ${ratio}; p ${p}; n ${n}; tolerance ${tolerance}; noise ${noise}`;
  const why = obstaclesOf(gate) ?? (one.reason === null ? "" : gateReasonWords(one.reason));
  const message = kind === "failure" ? `worse: ${ratio}, p ${p}, tolerance ${tolerance}` : why;
  const output = `${one.result}: ${numbers}${why === "" ? "" : `; ${why}`}`;
  return caseLines(gate, { name: one.measure, kind, message, output });
}

function checkCase(gate: Gate, one: GateCheck, kind: Kind): string[] {
  const words = checkWords(one);
  const why = obstaclesOf(gate) ?? words ?? "";
  const output = describeChecks([one]).join("");
  return caseLines(gate, {
    name: checkName(one),
    kind,
    message: kind === "failure" ? (words ?? "worse") : why,
    output,
  });
}

function obstaclesOf({ obstacles }: Gate): string | null {
  return obstacles.length === 0 ? null : obstacles.map(obstacleWords).join("; ");
}

function caseLines(gate: Gate, one: { name: string; kind: Kind; message: string; output: string }): string[] {
  const { kind, message, output } = one;
  const name = `${one.name}: ${gate.candidate.profile.name} against ${gate.baseline.profile.name}`;
  return [
    `    <testcase${attributes({ classname: gate.suite, name })}>`,
    ...(kind === "passed" ? [] : [`      <${kind}${attributes({ message })}/>`]),
    `      <system-out>${escapeXml(printable(output))}</system-out>`,
    `    </testcase>`,
  ];
}

function suiteOutput(gate: Gate): string {
  return [
    gateSentence(gate),
    `baseline ${describeArm(gate.baseline)}`,
    `candidate ${describeArm(gate.candidate)}`,
    ...describeFindings(gate).map((finding) => `finding: ${finding}`),
    ...gate.differences.map((one) => `difference: ${describeDifference(one)}`),
    ...caveatSentences(gate.caveats).map((sentence) => `caveat: ${sentence}`),
  ]
    .map(printable)
    .join("\n");
}

/** XML attributes, each after a space; values of any origin. */
function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(printable(String(value)))}"`)
    .join("");
}

/** Text as the content of an element or a quoted attribute. */
function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
