import { measureOf } from "../core/measures.ts";
import { clusterFacts } from "./cluster-facts.ts";
import { type ComparisonRow, comparisonNotes, comparisonTable, inconclusiveReasons } from "./comparison.ts";
import { type Footnote, footnotes } from "./doubts.ts";
import { describeEvidence, describeSeen, groupFindings } from "./findings.ts";
import { conditionsSection, sizingSection } from "./markdown-conditions.ts";
import { goalsSection } from "./markdown-goals.ts";
import { escapeMarkdown, markdownName, markdownRatio, markdownTable, markdownVerdict } from "./markdown-parts.ts";
import { searchSection } from "./markdown-search.ts";
import { calibrationSection, effectsSection, recheckSection, verdictsSection } from "./markdown-verdicts.ts";
import type { ReportInput } from "./report-input.ts";
import { runState } from "./run-state.ts";
import { predictionAssumptions, predictionMisses, wallsRows } from "./walls.ts";
import { verdictOf } from "./words/verdict.ts";

/** The report as GitHub-flavoured Markdown: for a comment on a pull request or a wiki. */
export function renderMarkdown(input: ReportInput): string {
  const sections = [
    `# ${escapeMarkdown(input.run.suite)}`,
    `**${escapeMarkdown(verdictOf(input.run, input.analysis))}**`,
    escapeMarkdown(runState(input) ?? ""),
    input.run.experiment.kind !== "search" ? comparisonSection(input) : searchSection(input),
    recheckSection(input),
    goalsSection(input),
    conditionsSection(input),
    sizingSection(input),
    effectsSection(input),
    input.analysis.calibration === null ? verdictsSection(input) : calibrationSection(input),
    input.run.experiment.kind !== "search" ? wallsSection(input) : "",
    findingsSection(input),
    doubtsSection(input),
    provenanceLine(input),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function comparisonSection(input: ReportInput): string {
  const comparison = comparisonTable(input.analysis);
  const notes = footnotes(input);
  const titles = comparison.columns.map(({ measure, title }) =>
    measure === "requestsBeforeWall" ? measureOf(measure).label : title,
  );
  const head = ["profile", "outcome", ...titles, "vs baseline", "verdict"];
  const body = comparison.rows.map((row) => comparisonCells(row, notes));
  const reasons = inconclusiveReasons(comparison).map(escapeMarkdown);
  const legend = [
    `Ratios are of ${comparison.measureLabel}, paired within blocks (${input.analysis.blocks} run).`,
    ...comparisonNotes(comparison).map((note) => note.replace(/^>= is/, "`>=`:")),
    ...(reasons.length > 0 ? [`\`~\`: inconclusive (${reasons.join("; ")}).`] : []),
  ].join(" ");
  return `${markdownTable(head, `ll${"r".repeat(titles.length)}ll`, body)}\n\n${legend}`;
}

function comparisonCells(row: ComparisonRow, notes: Footnote[]): string[] {
  const values = row.values.map(({ text, spread }, index) =>
    index > 0 || spread === null ? text : `${text} (${spread})`,
  );
  return [markdownName(row, notes), row.outcome, ...values, markdownRatio(row), markdownVerdict(row)];
}

function wallsSection(input: ReportInput): string {
  if (input.run.predictions.length === 0) return "";
  const head = ["profile", "scan cliff predicted", "measured", "hard wall predicted", "measured"];
  const body = wallsRows(input).map((row) => [
    escapeMarkdown(row.profile),
    row.cliffPredicted,
    row.cliffMeasured,
    row.wallPredicted,
    row.wallMeasured,
  ]);
  const assumptions = predictionAssumptions(input).map((sentence) => escapeMarkdown(sentence));
  const basis = assumptions.length === 0 ? "" : `\n\nThe prediction assumes: ${assumptions.join("; ")}.`;
  const misses = predictionMisses(input).map((sentence) => `\n\n${escapeMarkdown(sentence)}`);
  return `## Walls\n\n${markdownTable(head, "lllll", body)}${misses.join("")}${basis}`;
}

function findingsSection(input: ReportInput): string {
  const groups = groupFindings(input.analysis);
  if (groups.length === 0) return "";
  const texts = groups.map((group) => {
    const cases = group.cases.flatMap(({ bottleneck, members }) => [
      `- **${members.map(({ profile }) => escapeMarkdown(profile)).join(", ")}**: ${escapeMarkdown(bottleneck)}`,
      ...members.map(({ profile, finding }) => {
        const seen = describeSeen(finding);
        const place = seen === null ? profile : `${profile}, ${seen}`;
        return `  - ${escapeMarkdown(`${place}: ${describeEvidence(finding)}`)}`;
      }),
    ]);
    return `### ${group.title} (${group.side})\n\n${cases.join("\n")}\n\nRemedy: ${escapeMarkdown(group.remedy)}`;
  });
  return `## Findings\n\n${texts.join("\n\n")}`;
}

function doubtsSection(input: ReportInput): string {
  const notes = footnotes(input);
  if (notes.length === 0) return "";
  return `## Doubts\n\n${notes.map((note) => `${note.number}. ${escapeMarkdown(note.sentence)}`).join("\n")}`;
}

function provenanceLine(input: ReportInput): string {
  const { run } = input;
  const { tunebench, kernel, cpus, cpuModel, k6, node } = run.provenance;
  const tools = `k6 ${k6}, Node ${node}, tunebench ${tunebench}`;
  const cluster = clusterFacts(input).map(([name, value]) => `${name}: ${value}`);
  const where = cluster.length === 0 ? `kernel ${kernel}, ${cpus} CPUs (${cpuModel})` : cluster.join("; ");
  const machine = `${where}${cluster.length === 0 ? ", " : "; "}${tools}`;
  return `Run \`${run.id.replaceAll("`", "")}\`, started ${escapeMarkdown(run.startedAt)}, seed ${run.seed}; ${escapeMarkdown(machine)}.`;
}
